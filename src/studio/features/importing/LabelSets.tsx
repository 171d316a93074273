// Several sets of labels for the same photos: which one is meant?
import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ImportQuestion } from '../../../domain/importing.ts';

interface LabelSetsProps {
  readonly question: Extract<ImportQuestion, { readonly kind: 'labels' }>;
  readonly busy: boolean;
  /** With a glob of the labels. */
  readonly onChoose: (labelsIn: string) => void;
}

export function LabelSets({ question, busy, onChoose }: LabelSetsProps) {
  const { t } = useTranslation();
  return (
    <section data-testid="label-sets-question">
      <Text fw={600} mb={4}>
        {t('import.coding.labelSets', { count: question.photos })}
      </Text>
      <Group gap="xs">
        {question.renderings.map(({ name, glob }) => (
          <Button key={name} size="xs" variant="default" loading={busy} onClick={() => onChoose(glob)}>
            {name}
          </Button>
        ))}
      </Group>
    </section>
  );
}
