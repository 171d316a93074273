// A share of every class as bars, in class order; the same rows are the legend: click hides a class, alt-click shows it alone.
import { Progress, Tooltip, UnstyledButton } from '@mantine/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClassSet, SegmentationClass } from '../../../domain/classes.ts';
import { formatPercent } from '../../i18n/format.ts';
import { classLabel } from '../../i18n/names.ts';
import { useClasses } from '../../stores/classes.ts';
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

/** That fit below each other; more classes stand in two columns, and many of them scroll. */
const ROWS = 10;

export function ClassBars({ values, marks, measure }: ClassBarsProps) {
  const hidden = useStudioState('view', (state) => state.hidden);
  const set = useClasses();
  const rows = set.length > ROWS ? Math.ceil(set.length / 2) : set.length;
  const longest = Math.max(...set.map(({ name }) => name.length));
  // What Cityscapes' names need is enough for short ones.
  const layout = { '--rows': rows, ...(longest > 13 ? { '--name-width': `min(${longest}ch, 140px)` } : {}) };
  return (
    <ul className={classes.bars} style={layout as React.CSSProperties}>
      {set.map((one, index) => (
        <ClassBar
          key={one.name}
          set={set}
          one={one}
          index={index}
          value={values[index] ?? null}
          mark={marks[index] ?? null}
          hidden={hidden.includes(one.name)}
          measure={measure}
        />
      ))}
    </ul>
  );
}

interface ClassBarProps {
  readonly set: ClassSet;
  readonly one: SegmentationClass;
  readonly index: number;
  /** Percent; null where the class is absent or nothing was measured yet. */
  readonly value: number | null;
  /** In percent; null where there is none. */
  readonly mark: number | null;
  readonly hidden: boolean;
  readonly measure: ViewState['bars'];
}

const ClassBar = memo(function ClassBar({ set, one, index, value, mark, hidden, measure }: ClassBarProps) {
  const { t } = useTranslation();
  const { view } = useStudio();
  const name = classLabel(t, one);
  const colour = cssColour(one);
  const act = (alone: boolean): void => (alone ? soloClass(view, set, one.name) : toggleClass(view, one.name));
  return (
    <li>
      <Tooltip label={t('scores.legendHint')} openDelay={900}>
        <UnstyledButton
          className={classes.row ?? ''}
          aria-pressed={!hidden}
          data-hidden={hidden || undefined}
          onClick={(event) => act(event.altKey)}
        >
          <span className={classes.swatch} style={{ background: hidden ? 'transparent' : colour }} />
          <span className={classes.name} title={name}>
            {name}
          </span>
          <span className={classes.bar}>
            <Progress.Root size={10} radius={3} className={classes.track ?? ''}>
              <Progress.Section
                value={value ?? 0}
                color={colour}
                className={classes.fill ?? ''}
                aria-label={t(`scores.barOf.${measure}`, { name })}
              />
            </Progress.Root>
            {mark !== null && (
              <span
                className={classes.ghost}
                style={{ insetInlineStart: `${mark}%` }}
                title={t(`scores.markOf.${measure}`, { value: formatPercent(mark) })}
                data-testid={`${measure}-mark-${index}`}
              />
            )}
          </span>
          <span className={classes.value} data-testid={`${measure}-bar-${index}`} data-value={value ?? ''}>
            {formatPercent(value)}
          </span>
        </UnstyledButton>
      </Tooltip>
    </li>
  );
});
