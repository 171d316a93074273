// The plot of a chart: axes, grid and lines. Apart from its frame, because the library that draws it is loaded by itself.
import { useTranslation } from 'react-i18next';
import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { formatScalar } from '../../i18n/format.ts';
import type { Row } from './decimate.ts';
import classes from './LiveChart.module.css';

const MARGIN = { top: 8, right: 8, bottom: 0, left: 0 };

const TOOLTIP = {
  padding: '6px 8px',
  background: 'var(--studio-surface)',
  border: '1px solid var(--studio-line)',
  borderRadius: 6,
};

interface ChartPlotProps {
  readonly keys: readonly string[];
  readonly rows: readonly Row[];
  readonly marks: readonly number[];
  readonly dots: boolean;
  readonly names: readonly string[] | undefined;
  readonly faint: readonly string[];
  /** Keys of lines that something is still added to. */
  readonly current: readonly string[];
  readonly colourOf: (key: string) => string;
  readonly nameOf: (key: string) => string;
}

/** Its props are those of `LiveChart`, which draws the frame around it. */
export function ChartPlot({ keys, rows, marks, dots, names, faint, current, colourOf, nameOf }: ChartPlotProps) {
  const { t } = useTranslation();
  return (
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
  );
}

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
