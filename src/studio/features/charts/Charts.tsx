// Which metrics are charted: losses, the learning rate, and the score of every evaluation.
import { useTranslation } from 'react-i18next';
import { LiveChart } from './LiveChart.tsx';
import { useMetricKeys } from './useLiveRows.ts';

const isLoss = (key: string): boolean => /^train\/loss/.test(key);
const isLearningRate = (key: string): boolean => /(^|\/)(lr|learning_rate)/.test(key);
const SCORES = ['val/mIoU'];

export function TrainingCharts() {
  const { t } = useTranslation();
  const losses = useMetricKeys(isLoss);
  const rates = useMetricKeys(isLearningRate);
  return (
    <>
      <LiveChart title={t('charts.losses')} keys={losses} />
      <LiveChart title={t('charts.learningRate')} keys={rates} />
    </>
  );
}

export function ScoreChart() {
  const { t } = useTranslation();
  return <LiveChart title={t('charts.mIoU')} keys={SCORES} dots />;
}
