// A share of every class as bars, in class order; the same rows are the legend: click hides a class, alt-click shows it alone.
import { Progress, Tooltip, UnstyledButton } from '@mantine/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { CITYSCAPES_CLASSES } from '../../../domain/classes.ts';
import { formatPercent } from '../../i18n/format.ts';
import { className } from '../../i18n/names.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { soloClass, toggleClass, type ViewState } from '../../stores/view.ts';
import { cssColour } from '../../ui/pixels.ts';
import classes from './ClassBars.module.css';

interface ClassBarsProps {
  /** Percent per class, null where there is nothing to measure. */
  readonly values: readonly (number | null)[];
  /** The same, as a mark across each bar. */
  readonly marks: readonly (number | null)[];
  readonly measure: ViewState['bars'];
}

export function ClassBars({ values, marks, measure }: ClassBarsProps) {
  const hidden = useStudioState('view', (state) => state.hidden);
  return (
    <ul className={classes.bars}>
      {CITYSCAPES_CLASSES.map(({ trainId }) => (
        <ClassBar
          key={trainId}
          trainId={trainId}
          value={values[trainId] ?? null}
          mark={marks[trainId] ?? null}
          hidden={hidden.includes(trainId)}
          measure={measure}
        />
      ))}
    </ul>
  );
}

interface ClassBarProps {
  readonly trainId: number;
  /** Percent; null where the class is absent or nothing was measured yet. */
  readonly value: number | null;
  /** In percent; null where there is none. */
  readonly mark: number | null;
  readonly hidden: boolean;
  readonly measure: ViewState['bars'];
}

const ClassBar = memo(function ClassBar({ trainId, value, mark, hidden, measure }: ClassBarProps) {
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
                value={value ?? 0}
                color={cssColour(trainId)}
                className={classes.fill ?? ''}
                aria-label={t(`scores.barOf.${measure}`, { name })}
              />
            </Progress.Root>
            {mark !== null && (
              <span
                className={classes.ghost}
                style={{ insetInlineStart: `${mark}%` }}
                title={t(`scores.markOf.${measure}`, { value: formatPercent(mark) })}
                data-testid={`${measure}-mark-${trainId}`}
              />
            )}
          </span>
          <span className={classes.value} data-testid={`${measure}-bar-${trainId}`} data-value={value ?? ''}>
            {formatPercent(value)}
          </span>
        </UnstyledButton>
      </Tooltip>
    </li>
  );
});
