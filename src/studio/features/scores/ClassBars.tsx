// IoU of every class as bars, in class order; the same rows are the legend: click hides a class, alt-click shows it alone.
import { Progress, Tooltip, UnstyledButton } from '@mantine/core';
import { memo, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { CLASSES } from '../../../domain/classes.ts';
import { formatPercent } from '../../i18n/format.ts';
import { className } from '../../i18n/names.ts';
import { previousRung } from '../../stores/stageScores.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { soloClass, toggleClass } from '../../stores/view.ts';
import { cssColour } from '../../ui/pixels.ts';
import classes from './ClassBars.module.css';

export function ClassBars() {
  const last = useStudioState('metrics', ({ evaluations }) => evaluations.at(-1));
  const hidden = useStudioState('view', (state) => state.hidden);
  const evaluations = useStudioState('metrics', (state) => state.evaluations);
  const recipe = useStudioState('runs', ({ current }) => current?.config.recipe ?? null);
  const before = useMemo(() => (recipe === null ? null : previousRung(recipe, evaluations)), [recipe, evaluations]);
  return (
    <ul className={classes.bars}>
      {CLASSES.map(({ trainId }) => (
        <ClassBar
          key={trainId}
          trainId={trainId}
          iou={last === undefined ? null : (last.scores.iou[trainId] ?? null)}
          ghost={before?.evaluation.scores.iou[trainId] ?? null}
          hidden={hidden.includes(trainId)}
        />
      ))}
    </ul>
  );
}

interface ClassBarProps {
  readonly trainId: number;
  /** Percent; null where the class is absent or nothing was evaluated yet. */
  readonly iou: number | null;
  /** What the rung before reached, in percent; null where there is none. */
  readonly ghost: number | null;
  readonly hidden: boolean;
}

const ClassBar = memo(function ClassBar({ trainId, iou, ghost, hidden }: ClassBarProps) {
  const { t } = useTranslation();
  const { view } = useStudio();
  const name = className(t, trainId);
  const act = (alone: boolean): void => (alone ? soloClass(view, trainId) : toggleClass(view, trainId));
  return (
    <li>
      <Tooltip label={t('scores.legendHint')} openDelay={900}>
        <UnstyledButton
          className={classes.row ?? ''}
          aria-pressed={!hidden}
          data-hidden={hidden || undefined}
          onClick={(event) => act(event.altKey)}
        >
          <span className={classes.swatch} style={{ background: hidden ? 'transparent' : cssColour(trainId) }} />
          <span className={classes.name}>{name}</span>
          <span className={classes.bar}>
            <Progress.Root size={10} radius={3} className={classes.track ?? ''}>
              <Progress.Section
                value={iou ?? 0}
                color={cssColour(trainId)}
                className={classes.fill ?? ''}
                aria-label={t('scores.iouOf', { name })}
              />
            </Progress.Root>
            {ghost !== null && (
              <span
                className={classes.ghost}
                style={{ insetInlineStart: `${ghost}%` }}
                title={t('scores.ghost', { value: formatPercent(ghost) })}
                data-testid={`iou-ghost-${trainId}`}
              />
            )}
          </span>
          <span className={classes.value} data-testid={`iou-bar-${trainId}`} data-value={iou ?? ''}>
            {formatPercent(iou)}
          </span>
        </UnstyledButton>
      </Tooltip>
    </li>
  );
});
