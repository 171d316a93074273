// Plays, pauses, single-steps and stops the run, and says how far it is.
import { Button, Group, Progress } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { stepsOf } from '../../../domain/recipe.ts';
import { formatCount, formatDuration, formatScalar } from '../../i18n/format.ts';
import { problemOf, recipeOf } from '../../stores/draft.ts';
import { openRun, pauseRun, startRun, stepRun, stopRun, togglePlay } from '../../stores/runActions.ts';
import { isUnfinished, resumableRun } from '../../stores/runs.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import {
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipForwardFilled,
  IconPlayerStopFilled,
} from '../../ui/icons.tsx';
import { Stat } from '../../ui/Stat.tsx';
import { settingsDiffer } from './settingsDiffer.ts';
import classes from './Transport.module.css';

export function Transport() {
  const { t } = useTranslation();
  const studio = useStudio();
  const status = useStudioState('runs', ({ state }) => state?.status ?? null);
  const busy = useStudioState('runs', (state) => state.busy);
  const resumable = useStudioState('runs', resumableRun);
  const isWatched = useStudioState('runs', (state) => state.isWatched);
  const live = status !== null && isUnfinished(status);
  return (
    <section className={classes.transport} aria-label={t('transport.label')}>
      <PlayButton />
      <Group gap={4} wrap="nowrap">
        <IconButton
          label={t('transport.step')}
          shortcut="."
          testId="step"
          disabled={status !== 'paused' || isWatched}
          onClick={() => stepRun(studio)}
        >
          <IconPlayerSkipForwardFilled size={18} />
        </IconButton>
        <IconButton
          label={t('transport.stop')}
          testId="stop"
          disabled={!live || isWatched}
          onClick={() => stopRun(studio)}
        >
          <IconPlayerStopFilled size={18} />
        </IconButton>
      </Group>
      <StepProgress />
      {resumable !== null && (
        <Button
          variant="light"
          disabled={busy}
          data-testid="resume-run"
          onClick={() => void openRun(studio, resumable.runId)}
        >
          {t('transport.resume', { name: resumable.name })}
        </Button>
      )}
      <RestartButton />
    </section>
  );
}

function PlayButton() {
  const { t } = useTranslation();
  const studio = useStudio();
  const status = useStudioState('runs', ({ state }) => state?.status ?? null);
  const busy = useStudioState('runs', (state) => state.busy);
  const ready = useStudioState('engine', (state) => state.connection === 'ready');
  const isWatched = useStudioState('runs', (state) => state.isWatched);
  const problem = useProblem();
  if (!isWatched && (status === 'running' || status === 'preparing')) {
    return (
      <Button
        size="md"
        className={classes.play ?? ''}
        leftSection={<IconPlayerPauseFilled size={18} />}
        onClick={() => pauseRun(studio)}
        data-testid="pause"
      >
        {t('transport.pause')}
      </Button>
    );
  }
  return (
    <Button
      size="md"
      className={classes.play ?? ''}
      leftSection={<IconPlayerPlayFilled size={18} />}
      loading={busy}
      disabled={!ready || (status !== 'paused' && problem !== null)}
      onClick={() => (isWatched ? void startRun(studio) : togglePlay(studio))}
      data-testid="play"
    >
      {status === 'paused' && !isWatched ? t('transport.play') : t('transport.train')}
    </Button>
  );
}

function useProblem() {
  const draft = useStudioState('draft', (state) => state);
  const offer = useStudioState('engine', (state) => state);
  const imported = useStudioState('datasets', (state) => state.imported);
  return problemOf(draft, offer, imported);
}

/** Shown when the settings no longer are what the open run was started with. */
function RestartButton() {
  const { t } = useTranslation();
  const studio = useStudio();
  const current = useStudioState('runs', (state) => state.current);
  const status = useStudioState('runs', ({ state }) => state?.status ?? null);
  const offer = useStudioState('engine', (state) => state);
  const draft = useStudioState('draft', (state) => state);
  const problem = useProblem();
  const isWatched = useStudioState('runs', (state) => state.isWatched);
  const live = status !== null && isUnfinished(status);
  if (current === null || !live || isWatched || problem !== null || !settingsDiffer(current.config, draft, offer))
    return null;
  return (
    <Button variant="light" color="amber" onClick={() => void startRun(studio)} data-testid="restart">
      {t('transport.restart')}
    </Button>
  );
}

function StepProgress() {
  const { t } = useTranslation();
  const state = useStudioState('runs', (runs) => runs.state);
  const offer = useStudioState('engine', (engine) => engine);
  const plannedSteps = useStudioState('draft', (draft) => {
    const recipe = recipeOf(draft, offer);
    return recipe === null ? 0 : stepsOf(recipe);
  });
  const step = state?.step ?? 0;
  const steps = state?.steps ?? plannedSteps;
  return (
    <div className={classes.progress}>
      <Group gap="lg" wrap="nowrap" className={classes.numbers ?? ''}>
        <Stat label={t('transport.steps')}>
          <span data-testid="step-count" data-step={step}>
            {formatCount(step)} / {formatCount(steps)}
          </span>
        </Stat>
        <Stat label={t('transport.speed')}>
          {state?.stepsPerSecond == null ? '–' : formatScalar(state.stepsPerSecond)}
        </Stat>
        <Stat label={t('transport.left')}>{formatDuration(state?.leftMs ?? null)}</Stat>
      </Group>
      <Progress
        size={6}
        value={steps === 0 ? 0 : (100 * step) / steps}
        aria-label={t('transport.progress')}
        className={classes.track ?? ''}
      />
    </div>
  );
}
