// The charts of metrics: a line for each, those of one group and unit together, and the scores of evaluations. Parameters that
// were changed while the run went on leave a mark.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type MetricGroup, type MetricSpec, VALIDATION_METRICS } from '../../../domain/metrics.ts';
import { stepsBefore } from '../../../domain/recipe.ts';
import { withUnit } from '../../i18n/format.ts';
import { metricName } from '../../i18n/names.ts';
import { useEvaluations } from '../../stores/classes.ts';
import { useStudioState } from '../../stores/studioContext.ts';
import { decimate, mergeByStep } from './decimate.ts';
import { LiveChart } from './LiveChart.tsx';
import { useLiveRows, useMeasured } from './useLiveRows.ts';

/** Points per line: the charts are narrow, and drawing them must stay far below a frame. */
const MAX_POINTS = 160;

/** One chart for all of a group, empty before there is anything. */
export function GroupChart({ group }: { readonly group: MetricGroup }) {
  const { t } = useTranslation();
  return <MetricChart title={t(`charts.groups.${group}`)} specs={useMeasured(group)} />;
}

/** A chart for each unit of a group. */
export function UnitCharts({ group }: { readonly group: MetricGroup }) {
  const { t } = useTranslation();
  const measured = useMeasured(group);
  const charts = useMemo(() => {
    const units = [...new Set(measured.map(({ unit }) => unit))];
    return units.map((unit) => ({ unit, specs: measured.filter((spec) => spec.unit === unit) }));
  }, [measured]);
  if (charts.length === 0) return <GroupChart group={group} />;
  return charts.map(({ unit, specs }) => {
    const [only, ...others] = specs;
    const name = only === undefined || others.length > 0 ? t(`charts.groups.${group}`) : metricName(t, only);
    return <MetricChart key={unit} title={withUnit(name, unit)} specs={specs} />;
  });
}

interface MetricChartProps {
  readonly title: string;
  readonly specs: readonly MetricSpec[];
}

function MetricChart({ title, specs }: MetricChartProps) {
  const keys = useMemo(() => specs.map(({ key }) => key), [specs]);
  const rows = useLiveRows(keys, MAX_POINTS);
  const changes = useStudioState('runs', (state) => state.changes);
  // The lines of earlier stages stay; the caption speaks of the one under way.
  const since = useStudioState('runs', ({ current, state }) =>
    current === null ? 0 : 1 + stepsBefore(current.config.recipe, state?.stage?.index ?? 0),
  );
  const marks = useMemo(() => [...new Set(changes.map(({ step }) => step))], [changes]);
  const nameOf = useMetricNames(specs);
  return <LiveChart title={title} keys={keys} rows={rows} nameOf={nameOf} marks={marks} since={since} />;
}

function useMetricNames(specs: readonly MetricSpec[]): (key: string) => string {
  const { t } = useTranslation();
  return useMemo(() => {
    const names = new Map(specs.map((spec) => [spec.key, withUnit(metricName(t, spec), spec.unit)]));
    return (key) => names.get(key) ?? key;
  }, [t, specs]);
}

/** What evaluations gave, one score over the run's steps. */
export function ScoreChart({ score }: { readonly score: keyof typeof VALIDATION_METRICS }) {
  const { t } = useTranslation();
  const evaluations = useEvaluations();
  const { keys, specs } = SCORES[score];
  const rows = useMemo(() => {
    const steps = Float64Array.from(evaluations, ({ step }) => step);
    const values = Float64Array.from(evaluations, ({ scores }) => scores[score]);
    return mergeByStep({ [VALIDATION_METRICS[score].key]: decimate(steps, values, MAX_POINTS) });
  }, [evaluations, score]);
  return <LiveChart title={t(`charts.${score}`)} keys={keys} rows={rows} nameOf={useMetricNames(specs)} dots />;
}

const SCORES = {
  mIoU: { keys: [VALIDATION_METRICS.mIoU.key], specs: [VALIDATION_METRICS.mIoU] },
  aAcc: { keys: [VALIDATION_METRICS.aAcc.key], specs: [VALIDATION_METRICS.aAcc] },
} as const;
