// Where a recipe stands: its stages in order, what each reached, and the one under way. A press on a stage shows what it is
// set to; what has not ended can be changed there while it runs.
import { Popover, Progress, UnstyledButton } from '@mantine/core';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Stage } from '../../../domain/recipe.ts';
import type { StageState } from '../../../domain/run.ts';
import { formatPercent } from '../../i18n/format.ts';
import { stageName } from '../../i18n/names.ts';
import { useEvaluations } from '../../stores/classes.ts';
import { ablationScores } from '../../stores/stageScores.ts';
import { useStudioState } from '../../stores/studioContext.ts';
import { IconCheck, IconPointFilled } from '../../ui/icons.tsx';
import { StageCard } from './StageCard.tsx';
import classes from './StageRail.module.css';

export function StageRail() {
  const { t } = useTranslation();
  const recipe = useStudioState('runs', ({ current }) => current?.config.recipe ?? null);
  const stage = useStudioState('runs', ({ state }) => state?.stage ?? null);
  const evaluations = useEvaluations();
  const scores = useMemo(() => {
    if (recipe === null) return new Map<string, number>();
    return new Map(
      ablationScores(recipe, evaluations).map(({ stage: { id }, evaluation }) => [id, evaluation.scores.mIoU]),
    );
  }, [recipe, evaluations]);
  if (recipe === null || recipe.stages.length < 2) return null;
  return (
    <ol className={classes.rail} aria-label={t('stages.title')} data-testid="stage-rail">
      {recipe.stages.map((entry, index) => (
        <RailStage
          key={entry.id}
          stage={entry}
          share={shareOf(stage, index)}
          current={stage?.index === index}
          mIoU={scores.get(entry.id)}
        />
      ))}
    </ol>
  );
}

/** How much of the stage at `index` is done, 0 to 1. */
function shareOf(now: StageState | null, index: number): number {
  if (now === null || now.index < index) return 0;
  if (now.index > index) return 1;
  return now.total === 0 ? 0 : now.done / now.total;
}

interface RailStageProps {
  readonly stage: Stage;
  readonly share: number;
  readonly current: boolean;
  readonly mIoU: number | undefined;
}

function RailStage({ stage, share, current, mIoU }: RailStageProps) {
  const { t } = useTranslation();
  const isDone = share >= 1;
  const item = useRef<HTMLLIElement>(null);
  // Long recipes do not fit: the stage under way is kept in sight.
  useEffect(() => {
    const { current: element } = item;
    const rail = element?.parentElement;
    if (!current || element == null || rail == null) return;
    rail.scrollTo?.({ left: element.offsetLeft - rail.offsetLeft - (rail.clientWidth - element.clientWidth) / 2 });
  }, [current]);
  const state = isDone ? 'done' : current ? 'current' : 'waiting';
  return (
    <li ref={item} className={classes.stage} data-state={state} data-testid={`stage-${stage.id}`}>
      <Popover width={320} position="bottom-start" withArrow shadow="md" trapFocus>
        <Popover.Target>
          <UnstyledButton className={classes.button ?? ''} aria-current={current ? 'step' : undefined}>
            <span className={classes.name}>
              {isDone ? <IconCheck size={13} /> : <IconPointFilled size={13} />}
              {stageName(t, stage)}
              {mIoU !== undefined && <b className={classes.score}>{formatPercent(mIoU)}</b>}
            </span>
            <Progress size={3} value={100 * share} aria-label={t('stages.progressOf', { name: stageName(t, stage) })} />
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown>
          <StageCard stage={stage} isOver={isDone} />
        </Popover.Dropdown>
      </Popover>
    </li>
  );
}
