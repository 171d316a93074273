// Stored runs that this studio cannot read, each with its reason: to be kept as a file, or deleted. The others do not care.
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { UnreadableRun } from '../../../domain/run.ts';
import { errorTitle } from '../../i18n/names.ts';
import { deleteRun, exportRun } from '../../stores/runActions.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { DeleteButton } from '../../ui/DeleteButton.tsx';

export function UnreadableRuns() {
  const { t } = useTranslation();
  const unreadable = useStudioState('runs', (state) => state.unreadable);
  if (unreadable.length === 0) return null;
  return (
    <Alert color="yellow" mt="md" title={t('runs.unreadable', { count: unreadable.length })}>
      <Stack gap="xs">
        <Text size="sm">{t('runs.unreadableAdvice')}</Text>
        {unreadable.map((run) => (
          <Row key={run.runId} run={run} />
        ))}
      </Stack>
    </Alert>
  );
}

function Row({ run: { runId, reason } }: { readonly run: UnreadableRun }) {
  const { t } = useTranslation();
  const studio = useStudio();
  return (
    <Group justify="space-between" wrap="nowrap" data-testid={`unreadable-${runId}`} data-code={reason.code}>
      <div>
        <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
          {runId}
        </Text>
        <Text size="xs">{errorTitle(t, reason.code)}</Text>
        <Text size="xs" c="dimmed">
          {reason.message}
        </Text>
      </div>
      <Group gap={4} wrap="nowrap">
        <Button size="compact-xs" variant="light" onClick={() => void exportRun(studio, runId)}>
          {t('runs.export')}
        </Button>
        <DeleteButton
          label={t('runs.delete', { name: runId })}
          confirm={t('runs.deleteConfirm')}
          onDelete={() => void deleteRun(studio, runId)}
        />
      </Group>
    </Group>
  );
}
