// Several sets of labels for the same photos, or several sets of photos: which one is meant?
import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ImportQuestion } from '../../../domain/importing.ts';

interface FileSetsProps {
  readonly question: Extract<ImportQuestion, { readonly kind: 'labels' | 'photos' }>;
  readonly busy: boolean;
  /** With a glob of what is meant. */
  readonly onChoose: (glob: string) => void;
}

export function FileSets({ question, busy, onChoose }: FileSetsProps) {
  const { t } = useTranslation();
  const { kind, sets, photos } = question;
  return (
    <section data-testid={`${kind}-question`}>
      <Text fw={600} mb={4}>
        {kind === 'labels'
          ? t('import.coding.labelSets', { count: photos })
          : t('import.coding.photoSets', { count: photos })}
      </Text>
      <Group gap="xs">
        {sets.map(({ name, glob }) => (
          <Button key={name} size="xs" variant="default" loading={busy} onClick={() => onChoose(glob)}>
            {name}
          </Button>
        ))}
      </Group>
    </section>
  );
}
