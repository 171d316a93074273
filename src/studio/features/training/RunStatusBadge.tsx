// The open run's name and state, for the header.
import { Badge, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RunStatus } from '../../../domain/run.ts';
import { useStudioState } from '../../stores/studioContext.ts';

const COLOURS = {
  preparing: 'amber',
  running: 'mint',
  paused: 'amber',
  finished: 'mint',
  stopped: 'gray',
  failed: 'red',
} as const satisfies Record<RunStatus, string>;

export function RunStatusBadge() {
  const { t } = useTranslation();
  const name = useStudioState('runs', ({ current }) => current?.name ?? null);
  const status = useStudioState('runs', ({ state }) => state?.status ?? null);
  return (
    <Group gap="xs" wrap="nowrap" style={{ minWidth: 0 }}>
      {name !== null && (
        <Text size="sm" fw={600} truncate data-testid="run-name">
          {name}
        </Text>
      )}
      <Badge
        variant="light"
        color={status === null ? 'gray' : COLOURS[status]}
        tt="none"
        style={{ flexShrink: 0 }}
        role="status"
        data-testid="status"
        data-status={status ?? 'idle'}
      >
        {t(`status.${status ?? 'idle'}`)}
      </Badge>
    </Group>
  );
}
