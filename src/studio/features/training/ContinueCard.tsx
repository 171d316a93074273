// What ended the open run before its time, and the way on: from its last checkpoint, after divergence with a lower rate. A run
// that another tab trains can be taken over.
import { Alert, Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ParamSpec } from '../../../domain/params.ts';
import type { TrainStage } from '../../../domain/recipe.ts';
import { formatCount } from '../../i18n/format.ts';
import { continueRun, openRun } from '../../stores/runActions.ts';
import { stageParam } from '../../stores/stageParams.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { IconEye, IconPlayerPlay } from '../../ui/icons.tsx';
import { ParamField } from '../../ui/ParamField.tsx';

export function ContinueCard() {
  const state = useStudioState('runs', (runs) => runs.state);
  const isWatched = useStudioState('runs', (runs) => runs.isWatched);
  if (isWatched) return <WatchedCard />;
  if (state?.status === 'stopped') return <EndedCard text="continue.stopped" />;
  if (state?.status !== 'failed') return null;
  return state.error?.code === 'train.diverged' ? <DivergedCard /> : <EndedCard text="continue.failed" />;
}

function EndedCard({ text }: { readonly text: 'continue.stopped' | 'continue.failed' }) {
  const { t } = useTranslation();
  const studio = useStudio();
  const step = formatCount(useSavedStep());
  return (
    <Card text={t(text, { step })}>
      <GoOn step={step} onClick={() => void continueRun(studio)} />
    </Card>
  );
}

function DivergedCard() {
  const { t } = useTranslation();
  const studio = useStudio();
  const step = formatCount(useSavedStep());
  const rate = useRate();
  const [wished, setWished] = useState<number | null>(null);
  if (rate === null) return <EndedCard text="continue.failed" />;
  const value = wished ?? rate.value / 2;
  const change = { stage: rate.stage.id, params: { [rate.name]: value } };
  return (
    <Card text={t('continue.lower', { step })}>
      <ParamField name={rate.name} spec={rate.spec} value={value} onChange={(next) => setWished(Number(next))} />
      <GoOn step={step} onClick={() => void continueRun(studio, change)} />
    </Card>
  );
}

function WatchedCard() {
  const { t } = useTranslation();
  const studio = useStudio();
  const runId = useStudioState('runs', ({ current }) => current?.runId ?? null);
  const busy = useStudioState('runs', (state) => state.busy);
  if (runId === null) return null;
  return (
    <Card text={t('continue.watched')} icon={<IconEye size={18} />}>
      <Button
        size="xs"
        variant="light"
        loading={busy}
        onClick={() => void openRun(studio, runId, true)}
        data-testid="take-over"
      >
        {t('continue.takeOver')}
      </Button>
    </Card>
  );
}

interface CardProps {
  readonly text: string;
  readonly icon?: React.ReactNode;
  readonly children: React.ReactNode;
}

function Card({ text, icon, children }: CardProps) {
  return (
    <Alert color="amber" variant="light" p="xs" role="status" icon={icon} data-testid="continue-card">
      <Group gap="md" align="end">
        <Text size="sm" style={{ flex: 1, minWidth: 220, alignSelf: 'center' }}>
          {text}
        </Text>
        {children}
      </Group>
    </Alert>
  );
}

function GoOn({ step, onClick }: { readonly step: string; readonly onClick: () => void }) {
  const { t } = useTranslation();
  const busy = useStudioState('runs', (state) => state.busy);
  return (
    <Button
      size="xs"
      loading={busy}
      leftSection={<IconPlayerPlay size={16} />}
      onClick={onClick}
      data-testid="continue-run"
    >
      {t('continue.go', { step })}
    </Button>
  );
}

/** Where the open run was saved last: a run that failed may have come further. */
function useSavedStep(): number {
  return useStudioState(
    'runs',
    ({ list, current, state }) => list.find(({ runId }) => runId === current?.runId)?.step ?? state?.step ?? 0,
  );
}

interface Rate {
  readonly stage: TrainStage;
  readonly name: string;
  readonly spec: ParamSpec;
  readonly value: number;
}

/** The learning rate of the stage that diverged. */
function useRate(): Rate | null {
  const current = useStudioState('runs', (runs) => runs.current);
  const state = useStudioState('runs', (runs) => runs.state);
  const changes = useStudioState('runs', (runs) => runs.changes);
  const methods = useStudioState('engine', (engine) => engine.methods);
  const stages = current?.config.recipe.stages ?? [];
  const stage = stages.find(({ id }) => id === state?.stage?.id) ?? (stages.length === 1 ? stages[0] : undefined);
  if (stage?.kind !== 'train') return null;
  const params = methods.find(({ id }) => id === stage.method)?.params ?? {};
  const found = Object.entries(params).find(([, spec]) => spec.role === 'learning-rate');
  if (found === undefined) return null;
  const [name, spec] = found;
  return { stage, name, spec, value: Number(stageParam(stage, changes, name, spec.default)) };
}
