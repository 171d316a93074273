// The datasets a person brought: what they hold, and how to let go of them.
import { Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DatasetInfo } from '../../../domain/dataset.ts';
import { formatBytes } from '../../i18n/format.ts';
import { deleteDataset, saveFindings } from '../../stores/datasetActions.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { DeleteButton } from '../../ui/DeleteButton.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { IconListDetails } from '../../ui/icons.tsx';

export function ImportedList() {
  const imported = useStudioState('datasets', (state) => state.imported);
  if (imported.length === 0) return null;
  return (
    <Stack gap={4}>
      {imported.map((info) => (
        <ImportedRow key={info.id} info={info} />
      ))}
    </Stack>
  );
}

function ImportedRow({ info }: { readonly info: DatasetInfo }) {
  const { t } = useTranslation();
  const studio = useStudio();
  const { train, val } = info.splits;
  return (
    <Group justify="space-between" wrap="nowrap" gap="xs" data-testid={`dataset-${info.id}`}>
      <div style={{ minWidth: 0 }}>
        <Text size="xs" fw={600} truncate>
          {info.name}
        </Text>
        <Text size="xs" c={info.state === 'interrupted' ? 'var(--studio-bad)' : 'dimmed'} truncate className="tabular">
          {info.state === 'interrupted'
            ? t('datasets.interrupted')
            : t('datasets.contents', { train: train.tiles, val: val.tiles, size: formatBytes(info.sizeBytes) })}
        </Text>
        {info.coding?.label != null && (
          <Text size="xs" c="dimmed" truncate data-testid="dataset-coding">
            {t('datasets.coding', { coding: info.coding.label })}
          </Text>
        )}
      </div>
      <Group gap={2} wrap="nowrap">
        <IconButton
          label={t('datasets.findings', { name: info.name })}
          size="sm"
          onClick={() => void saveFindings(studio, info)}
        >
          <IconListDetails size={14} />
        </IconButton>
        <DeleteButton
          label={t('datasets.delete', { name: info.name })}
          confirm={t('datasets.deleteConfirm')}
          onDelete={() => void deleteDataset(studio, info.id)}
        />
      </Group>
    </Group>
  );
}
