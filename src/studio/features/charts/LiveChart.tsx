// One small line chart of live metrics. No animation, few points: the graphics card belongs to training.
import { Text } from '@mantine/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { formatScalar } from '../../i18n/format.ts';
import type { Row } from './decimate.ts';
import classes from './LiveChart.module.css';

const COLOURS = ['var(--studio-chart-1)', 'var(--studio-chart-2)', 'var(--studio-chart-3)', 'var(--studio-chart-4)'];
/** Of a line that nothing is added to any more. */
const PAST = 'var(--mantine-color-dimmed)';
const NO_MARKS: readonly number[] = [];
const NO_KEYS: readonly string[] = [];
const MARGIN = { top: 8, right: 8, bottom: 0, left: 0 };

const TOOLTIP = {
  padding: '6px 8px',
  background: 'var(--studio-surface)',
  border: '1px solid var(--studio-line)',
  borderRadius: 6,
};

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
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 240, height: 80 }} debounce={120}>
          <LineChart data={[...rows]} margin={MARGIN} accessibilityLayer={false}>
            <CartesianGrid stroke="var(--studio-line)" vertical={false} />
            <XAxis
              dataKey="step"
              type="number"
              domain={['dataMin', 'dataMax']}
              ticks={names === undefined ? stepTicks(rows) : rows.map(({ step }) => step)}
              interval={0}
              tick={(tick: TickProps) => stepTick(tick, names)}
              height={16}
              tickLine={false}
              axisLine={false}
            />
            <YAxis
              tick={valueTick}
              width={40}
              tickLine={false}
              axisLine={false}
              tickCount={3}
              interval={0}
              domain={['auto', 'auto']}
            />
            <Tooltip
              isAnimationActive={false}
              wrapperClassName={classes.tooltip ?? ''}
              contentStyle={TOOLTIP}
              labelFormatter={(step) =>
                names === undefined
                  ? t('charts.atStep', { step: String(step) })
                  : t('charts.atLabels', { labels: names[Number(step)] ?? '' })
              }
              formatter={(value, name) => [formatScalar(Number(value)), nameOf(String(name))]}
            />
            {marks.map((step) => (
              <ReferenceLine key={step} x={step} stroke="var(--studio-chart-2)" strokeDasharray="3 3" />
            ))}
            {keys.map((key) => (
              <Line
                key={key}
                dataKey={key}
                stroke={colourOf(key)}
                strokeWidth={faint.includes(key) ? 1 : 1.5}
                strokeOpacity={faint.includes(key) || !current.includes(key) ? 0.6 : 1}
                dot={dots ? { r: 2, strokeWidth: 0, fill: colourOf(key) } : false}
                isAnimationActive={false}
                connectNulls
              />
            ))}
          </LineChart>
        </ResponsiveContainer>
        {rows.length === 0 && <Text className={classes.empty}>{t('charts.empty')}</Text>}
      </div>
    </figure>
  );
});

interface TickProps {
  readonly x: number | string;
  readonly y: number | string;
  readonly index: number;
  readonly visibleTicksCount: number;
  readonly payload: { readonly value: number };
}

// Ticks of our own: Recharts' measure their words on every redraw, and each measurement lays out the page.
function stepTick({ x, y, payload, index, visibleTicksCount }: TickProps, names?: readonly string[]) {
  const isLast = index === visibleTicksCount - 1;
  return (
    <text x={x} y={y} dy={4} textAnchor={index === 0 ? 'start' : isLast ? 'end' : 'middle'} className={classes.tick}>
      {names === undefined ? payload.value : names[payload.value]}
    </text>
  );
}

function valueTick({ x, y, payload }: TickProps) {
  return (
    <text x={x} y={y} dy={3} textAnchor="end" className={classes.tick}>
      {formatScalar(payload.value)}
    </text>
  );
}

/** First, middle and last step. */
function stepTicks(rows: readonly Row[]): number[] {
  const first = rows[0]?.step ?? 0;
  const last = rows.at(-1)?.step ?? 0;
  return [...new Set([first, Math.round((first + last) / 2), last])];
}

function latest(rows: readonly Row[], key: string): { readonly step: number; readonly value: number } | null {
  const row = rows.findLast((candidate) => candidate[key] !== undefined);
  const value = row?.[key];
  return row === undefined || value === undefined ? null : { step: row.step, value };
}
