// One small line chart of live metrics. No animation, few points: the graphics card belongs to training.
import { Text } from '@mantine/core';
import { lazy, memo, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { formatScalar } from '../../i18n/format.ts';
import type { Row } from './decimate.ts';
import classes from './LiveChart.module.css';

const COLOURS = ['var(--studio-chart-1)', 'var(--studio-chart-2)', 'var(--studio-chart-3)', 'var(--studio-chart-4)'];
/** Of a line that nothing is added to any more. */
const PAST = 'var(--mantine-color-dimmed)';
const NO_MARKS: readonly number[] = [];
const NO_KEYS: readonly string[] = [];

/** The library that draws takes as long to arrive as all the rest of the page: nothing waits for it. */
const ChartPlot = lazy(async () => ({ default: (await import('./ChartPlot.tsx')).ChartPlot }));

interface LiveChartProps {
  readonly title: string;
  readonly keys: readonly string[];
  /** One cell per key and step, in step order; at most a few hundred. */
  readonly rows: readonly Row[];
  /** Steps at which something was changed: a dashed line each. */
  readonly marks?: readonly number[];
  /** Marks each point: for series with few of them. */
  readonly dots?: boolean;
  /** Instead of steps: what lies at 0, 1, 2 and so on. */
  readonly names?: readonly string[];
  /** The name of a line. */
  readonly nameOf: (key: string) => string;
  /** Lines that stand back. */
  readonly faint?: readonly string[];
  /** Lines without a point from this step on are past: grey, and not named. */
  readonly since?: number;
}

export const LiveChart = memo(function LiveChart({
  title,
  keys,
  rows,
  marks = NO_MARKS,
  dots = false,
  names,
  nameOf,
  faint = NO_KEYS,
  since = 0,
}: LiveChartProps) {
  const { t } = useTranslation();
  const current = keys.filter((key) => (latest(rows, key)?.step ?? -1) >= since);
  const colourOf = (key: string): string => {
    const index = current.indexOf(key);
    return index < 0 ? PAST : (COLOURS[index % COLOURS.length] ?? PAST);
  };
  return (
    <figure className={classes.figure} aria-label={title} data-step={rows.at(-1)?.step}>
      <figcaption className={classes.caption} tabIndex={current.length > 1 ? 0 : undefined}>
        <Text component="span" className={classes.title}>
          {title}
        </Text>
        {current.map((key) => (
          <span key={key} className={classes.entry}>
            <span className={classes.dash} style={{ background: colourOf(key) }} />
            {keys.length > 1 && <span className={classes.series}>{nameOf(key)}</span>}
            {names === undefined && (
              <span className={classes.value}>{formatScalar(latest(rows, key)?.value ?? Number.NaN)}</span>
            )}
          </span>
        ))}
      </figcaption>
      <div className={classes.plot}>
        <Suspense fallback={null}>
          <ChartPlot
            keys={keys}
            rows={rows}
            marks={marks}
            dots={dots}
            names={names}
            faint={faint}
            current={current}
            colourOf={colourOf}
            nameOf={nameOf}
          />
        </Suspense>
        {rows.length === 0 && <Text className={classes.empty}>{t('charts.empty')}</Text>}
      </div>
    </figure>
  );
});

function latest(rows: readonly Row[], key: string): { readonly step: number; readonly value: number } | null {
  const row = rows.findLast((candidate) => candidate[key] !== undefined);
  const value = row?.[key];
  return row === undefined || value === undefined ? null : { step: row.step, value };
}
