// What labels buy: mIoU against the number of labelled target images, a line for each ablation step that the recipe reaches with
// several numbers. The numbers lie side by side in order, as far apart as they come: 5, 20, 100 and all have no common scale.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ablationStepName, labelCountName } from '../../i18n/names.ts';
import { useEvaluations } from '../../stores/classes.ts';
import { labelCounts, labelCurves } from '../../stores/stageScores.ts';
import { useStudioState } from '../../stores/studioContext.ts';
import type { Row } from './decimate.ts';
import { LiveChart } from './LiveChart.tsx';

export function LabelChart() {
  const { t } = useTranslation();
  const recipe = useStudioState('runs', ({ current }) => current?.config.recipe ?? null);
  const evaluations = useEvaluations();
  const { counts, keys, faint, rows } = useMemo(() => {
    const counts = recipe === null ? [] : labelCounts(recipe);
    const curves = recipe === null ? [] : labelCurves(recipe, evaluations);
    const rows = counts.map((count, step): Row => {
      const reached = curves.flatMap(({ rung, points }) =>
        points.filter(({ labels }) => labels === count).map(({ mIoU }) => [rung, mIoU] as const),
      );
      return { step, ...Object.fromEntries(reached) };
    });
    const isEmpty = curves.every(({ points }) => points.length === 0);
    const keys = curves.map(({ rung }) => rung);
    const faint = curves.flatMap(({ rung, isResult }) => (isResult ? [] : [rung]));
    return { counts, keys, faint, rows: isEmpty ? [] : rows };
  }, [recipe, evaluations]);
  const names = useMemo(() => counts.map((count) => labelCountName(t, count)), [counts, t]);
  const nameOf = useMemo(() => (rung: string) => ablationStepName(t, rung), [t]);
  return (
    <LiveChart title={t('charts.labels')} keys={keys} rows={rows} names={names} nameOf={nameOf} faint={faint} dots />
  );
}
