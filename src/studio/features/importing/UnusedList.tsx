// Files that play no part, counted by reason: so that nobody has to wonder where they went.
import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { UnusedCount } from '../../../domain/importing.ts';
import { formatCount } from '../../i18n/format.ts';

export function UnusedList({ unused }: { readonly unused: readonly UnusedCount[] }) {
  const { t } = useTranslation();
  if (unused.length === 0) return null;
  return (
    <section data-testid="unused-files">
      <Text size="xs" fw={600} mb={4}>
        {t('import.unused.title')}
      </Text>
      {unused.map(({ reason, count, first }) => (
        <Group key={reason} gap="xs" wrap="nowrap">
          <Text size="xs" className="tabular" w={56} ta="right">
            {formatCount(count)}
          </Text>
          <Text size="xs" title={first}>
            {t(`import.unused.reasons.${reason}`)}
          </Text>
        </Group>
      ))}
    </section>
  );
}
