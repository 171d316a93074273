// The ablation steps of a recipe: what each reached, and what it gained over the one that it goes on from.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Recipe } from '../../../domain/recipe.ts';
import { formatChange, formatPercent, isFalling } from '../../i18n/format.ts';
import { stageName } from '../../i18n/names.ts';
import { useEvaluations } from '../../stores/classes.ts';
import type { ScoredEvaluation } from '../../stores/metrics.ts';
import { type AblationScore, ablationScores, ablationStepBefore } from '../../stores/stageScores.ts';
import { useStudioState } from '../../stores/studioContext.ts';
import classes from './AblationTable.module.css';

interface Row extends AblationScore {
  /** Points over the ablation step before; null where there is none. */
  readonly gain: number | null;
}

export function AblationTable() {
  const { t } = useTranslation();
  const recipe = useStudioState('runs', ({ current }) => current?.config.recipe ?? null);
  const evaluations = useEvaluations();
  const rows = useMemo(() => (recipe === null ? [] : rowsOf(recipe, evaluations)), [recipe, evaluations]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard.
    <div className={classes.scroll} tabIndex={0}>
      <table className={classes.table} data-testid="rung-table">
        <thead>
          <tr>
            <th scope="col">{t('scores.rung')}</th>
            <th scope="col">{t('scores.mIoU')}</th>
            <th scope="col">{t('scores.gain')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ stage, evaluation, isFinal, gain }) => (
            <tr
              key={stage.id}
              data-open={!isFinal || undefined}
              title={isFinal ? undefined : t('scores.soFar')}
              data-testid={`rung-${stage.id}`}
            >
              <th scope="row">{stageName(t, stage)}</th>
              <td>{formatPercent(evaluation.scores.mIoU)}</td>
              <td className={classes.gain} data-falling={isFalling(gain ?? 0) || undefined}>
                {gain !== null && formatChange(gain)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p className={classes.none}>{t('scores.none')}</p>}
    </div>
  );
}

function rowsOf(recipe: Recipe, evaluations: readonly ScoredEvaluation[]): readonly Row[] {
  const scores = ablationScores(recipe, evaluations);
  return scores.map((row) => {
    const before = ablationStepBefore(recipe, row.stage);
    const reference = scores.find(({ stage }) => stage === before)?.evaluation.scores.mIoU;
    return { ...row, gain: reference === undefined ? null : row.evaluation.scores.mIoU - reference };
  });
}
