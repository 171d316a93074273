// Every import of this visit: how far it is, and pause, resume, cancel.
import { Group, Progress, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DatasetId } from '../../../domain/dataset.ts';
import type { ImportProgress } from '../../../domain/importing.ts';
import { formatCount, formatDuration } from '../../i18n/format.ts';
import { cancelImport, forgetImport, pauseImport, resumeImport } from '../../stores/importActions.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { IconPlayerPause, IconPlayerPlay, IconX } from '../../ui/icons.tsx';
import classes from './Importing.module.css';

export function ImportProgressList() {
  const progress = useStudioState('imports', (state) => state.progress);
  const all = Object.values(progress);
  if (all.length === 0) return null;
  return (
    <Stack gap={8}>
      {all.map((one) => (
        <ImportProgressCard key={one.datasetId} progress={one} />
      ))}
    </Stack>
  );
}

function ImportProgressCard({ progress }: { readonly progress: ImportProgress }) {
  const { t } = useTranslation();
  const { datasetId, status, pairsDone, pairsTotal, leftMs } = progress;
  const name = useStudioState('datasets', ({ imported }) => imported.find(({ id }) => id === datasetId)?.name);
  const issues = useStudioState('imports', (state) => state.issues[datasetId]?.length ?? 0);
  return (
    <div className={classes.card} data-testid="import-progress" data-status={status} data-tiles={progress.tilesWritten}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="xs" fw={600} truncate>
          {name ?? t('import.title')}
        </Text>
        <ImportButtons datasetId={datasetId} status={status} />
      </Group>
      <Progress
        size={6}
        my={4}
        value={pairsTotal === 0 ? 0 : (100 * pairsDone) / pairsTotal}
        transitionDuration={0}
        color={status === 'failed' ? 'red' : 'mint'}
        aria-label={t('import.progress')}
      />
      <Text size="xs" c="dimmed" className="tabular">
        {t(`import.status.${status}`)} · {formatCount(pairsDone)} / {formatCount(pairsTotal)}
        {status === 'running' && leftMs !== null && ` · ${t('import.left', { duration: formatDuration(leftMs) })}`}
        {issues > 0 && ` · ${t('import.issueCount', { count: issues })}`}
      </Text>
    </div>
  );
}

function ImportButtons({
  datasetId,
  status,
}: {
  readonly datasetId: DatasetId;
  readonly status: ImportProgress['status'];
}) {
  const { t } = useTranslation();
  const studio = useStudio();
  if (status === 'running' || status === 'paused') {
    return (
      <Group gap={2} wrap="nowrap">
        {status === 'running' ? (
          <IconButton
            label={t('import.pause')}
            size="sm"
            testId="import-pause"
            onClick={() => pauseImport(studio, datasetId)}
          >
            <IconPlayerPause size={14} />
          </IconButton>
        ) : (
          <IconButton
            label={t('import.resume')}
            size="sm"
            testId="import-resume"
            onClick={() => resumeImport(studio, datasetId)}
          >
            <IconPlayerPlay size={14} />
          </IconButton>
        )}
        <IconButton
          label={t('import.cancel')}
          size="sm"
          testId="import-cancel"
          onClick={() => cancelImport(studio, datasetId)}
        >
          <IconX size={14} />
        </IconButton>
      </Group>
    );
  }
  return (
    <IconButton label={t('common.close')} size="sm" onClick={() => forgetImport(studio, datasetId)}>
      <IconX size={14} />
    </IconButton>
  );
}
