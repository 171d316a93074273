// The runs kept in this browser: what each was, how far it came, and the way back into it.
import { Button, Drawer, Group, ScrollArea, Table, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { stepsOf } from '../../../domain/recipe.ts';
import type { RunId, RunSnapshot, RunSummary } from '../../../domain/run.ts';
import { formatCount, formatDay, formatPercent } from '../../i18n/format.ts';
import { networkName, recipeName } from '../../i18n/names.ts';
import { deleteRun, openRun, restoreRun, snapshotsOf } from '../../stores/runActions.ts';
import { isUnfinished } from '../../stores/runs.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { DeleteButton } from '../../ui/DeleteButton.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { IconHistory } from '../../ui/icons.tsx';
import { UnreadableRuns } from './UnreadableRuns.tsx';

interface RunsDrawerProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function RunsDrawer({ opened, onClose }: RunsDrawerProps) {
  const { t } = useTranslation();
  const studio = useStudio();
  const list = useStudioState('runs', (state) => state.list);
  const [snapshots, setSnapshots] = useState<readonly RunSnapshot[]>([]);
  useEffect(() => {
    if (opened) void snapshotsOf(studio).then(setSnapshots);
  }, [opened, studio]);
  const snapshotOf = (runId: RunId): RunSnapshot | null => snapshots.find((one) => one.runId === runId) ?? null;
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      size="xl"
      title={t('runs.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {list.length === 0 ? (
        <Text c="dimmed">{t('runs.none')}</Text>
      ) : (
        <ScrollArea>
          <Table verticalSpacing="xs" className="tabular" miw={640} style={{ whiteSpace: 'nowrap' }}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('runs.name')}</Table.Th>
                <Table.Th>{t('runs.status')}</Table.Th>
                <Table.Th ta="right">{t('transport.steps')}</Table.Th>
                <Table.Th ta="right">{t('runs.last')}</Table.Th>
                <Table.Th ta="right">{t('runs.best')}</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.map((summary) => (
                <RunRow key={summary.runId} summary={summary} snapshot={snapshotOf(summary.runId)} onOpened={onClose} />
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      )}
      <UnreadableRuns />
    </Drawer>
  );
}

interface RunRowProps {
  readonly summary: RunSummary;
  readonly snapshot: RunSnapshot | null;
  readonly onOpened: () => void;
}

function RunRow({ summary, snapshot, onOpened }: RunRowProps) {
  const { t, i18n } = useTranslation();
  const studio = useStudio();
  const isCurrent = useStudioState('runs', ({ current }) => current?.runId === summary.runId);
  const { config, last, best } = summary;
  const about = [
    recipeName(t, config.recipe.id),
    networkName(t, config.network),
    t('runs.seed', { seed: config.seed }),
  ];
  if (config.labelledTargets > 0) about.splice(1, 0, t('runs.labels', { count: config.labelledTargets }));
  return (
    <Table.Tr data-testid={`run-${summary.runId}`}>
      <Table.Td>
        <Text size="sm" fw={600}>
          {summary.name}
        </Text>
        <Text size="xs" c="dimmed">
          {about.join(' · ')}
        </Text>
      </Table.Td>
      <Table.Td>{t(`status.${isUnfinished(summary.status) && !isCurrent ? 'interrupted' : summary.status}`)}</Table.Td>
      <Table.Td ta="right">
        {formatCount(summary.step)} / {formatCount(stepsOf(config.recipe))}
      </Table.Td>
      <Table.Td ta="right">{formatPercent(last?.mIoU)}</Table.Td>
      <Table.Td ta="right">{formatPercent(best?.mIoU)}</Table.Td>
      <Table.Td>
        <Group gap={4} justify="flex-end" wrap="nowrap">
          <Button
            size="compact-xs"
            variant="light"
            disabled={isCurrent}
            onClick={() => {
              onOpened();
              void openRun(studio, summary.runId);
            }}
          >
            {isCurrent ? t('runs.isOpen') : t('runs.open')}
          </Button>
          {snapshot !== null && (
            <IconButton
              label={t('runs.restore', {
                step: formatCount(snapshot.step),
                day: formatDay(snapshot.savedAtMs, i18n.language),
              })}
              size="sm"
              testId={`restore-${summary.runId}`}
              onClick={() => {
                onOpened();
                void restoreRun(studio, summary.runId);
              }}
            >
              <IconHistory size={14} />
            </IconButton>
          )}
          <DeleteButton
            label={t('runs.delete', { name: summary.name })}
            confirm={t('runs.deleteConfirm')}
            onDelete={() => void deleteRun(studio, summary.runId)}
          />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
