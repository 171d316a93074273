// Which metrics are charted: losses, the learning rate, and the score of every evaluation. Parameters that were changed while
// the run went on leave a mark.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { stepsBefore } from '../../../domain/recipe.ts';
import { useStudioState } from '../../stores/studioContext.ts';
import { decimate, mergeByStep } from './decimate.ts';
import { LiveChart } from './LiveChart.tsx';
import { useLiveRows, useMetricKeys } from './useLiveRows.ts';

/** Points per line: the charts are narrow, and drawing them must stay far below a frame. */
const MAX_POINTS = 160;

const isLoss = (key: string): boolean => key.startsWith('train/loss');
const isLearningRate = (key: string): boolean => key.startsWith('train/lr');
const SCORES = ['val/mIoU'] as const;

export function TrainingCharts() {
  const { t } = useTranslation();
  return (
    <>
      <MetricChart title={t('charts.losses')} accepts={isLoss} />
      <MetricChart title={t('charts.learningRate')} accepts={isLearningRate} />
    </>
  );
}

interface MetricChartProps {
  readonly title: string;
  readonly accepts: (key: string) => boolean;
}

function MetricChart({ title, accepts }: MetricChartProps) {
  const keys = useMetricKeys(accepts);
  const rows = useLiveRows(keys, MAX_POINTS);
  const changes = useStudioState('runs', (state) => state.changes);
  // The lines of earlier stages stay; the caption speaks of the one under way.
  const since = useStudioState('runs', ({ current, state }) =>
    current === null ? 0 : 1 + stepsBefore(current.config.recipe, state?.stage?.index ?? 0),
  );
  const marks = useMemo(() => [...new Set(changes.map(({ step }) => step))], [changes]);
  return <LiveChart title={title} keys={keys} rows={rows} marks={marks} since={since} />;
}

export function ScoreChart() {
  const { t } = useTranslation();
  const evaluations = useStudioState('metrics', (state) => state.evaluations);
  const rows = useMemo(() => {
    const steps = Float64Array.from(evaluations, ({ step }) => step);
    const values = Float64Array.from(evaluations, ({ scores }) => scores.mIoU);
    return mergeByStep({ 'val/mIoU': decimate(steps, values, MAX_POINTS) });
  }, [evaluations]);
  return <LiveChart title={t('charts.mIoU')} keys={SCORES} rows={rows} dots />;
}
