// The score panel: where the run stands, and under it the score over steps, the ablation steps of the recipe, or their scores against
// the number of labels, whichever the recipe has.
import { SegmentedControl, VisuallyHidden } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { stepsOfStage } from '../../domain/recipe.ts';
import { ScoreChart } from '../features/charts/Charts.tsx';
import { LabelChart } from '../features/charts/LabelChart.tsx';
import { AblationTable } from '../features/scores/AblationTable.tsx';
import { ScoreBoard } from '../features/scores/ScoreBoard.tsx';
import { labelCounts } from '../stores/stageScores.ts';
import { useStudio, useStudioState } from '../stores/studioContext.ts';
import { SCORE_VIEWS, type ScoreView } from '../stores/view.ts';
import { IconChartLine, IconListNumbers, IconTags } from '../ui/icons.tsx';
import { Panel } from '../ui/Panel.tsx';
import classes from './ScorePanel.module.css';

const ICONS = { steps: IconChartLine, rungs: IconListNumbers, labels: IconTags } as const;

export function ScorePanel() {
  const { t } = useTranslation();
  const { view } = useStudio();
  const recipe = useStudioState('runs', ({ current }) => current?.config.recipe ?? null);
  const wanted = useStudioState('view', (state) => state.scores);
  const offered = useMemo((): readonly ScoreView[] => {
    if (recipe === null) return ['steps'];
    const ablationSteps = recipe.stages.filter((stage) => stepsOfStage(stage) > 0 && 'rung' in stage).length;
    return SCORE_VIEWS.filter(
      (name) => name === 'steps' || (name === 'rungs' ? ablationSteps > 1 : labelCounts(recipe).length > 0),
    );
  }, [recipe]);
  // Where the number of labels is what a recipe is about, its curve comes first.
  const fallback = offered.includes('labels') ? 'labels' : 'steps';
  const shown = wanted !== null && offered.includes(wanted) ? wanted : fallback;
  const choice = offered.length > 1 && (
    <SegmentedControl
      size="xs"
      className={classes.choice ?? ''}
      value={shown}
      aria-label={t('scores.view')}
      data={offered.map((value) => ({ value, label: <Choice view={value} /> }))}
      onChange={(value) => view.setState({ scores: SCORE_VIEWS.find((name) => name === value) ?? null })}
      data-testid="score-view"
    />
  );
  return (
    <Panel title={t('scores.title')} aside={choice}>
      <ScoreBoard isBrief={shown !== 'steps'} />
      {shown === 'steps' && <ScoreChart score="mIoU" />}
      {shown === 'rungs' && <AblationTable />}
      {shown === 'labels' && <LabelChart />}
    </Panel>
  );
}

function Choice({ view }: { readonly view: ScoreView }) {
  const { t } = useTranslation();
  const Icon = ICONS[view];
  const name = t(`scores.views.${view}`);
  return (
    <span title={name}>
      <Icon size={14} style={{ display: 'block' }} />
      <VisuallyHidden>{name}</VisuallyHidden>
    </span>
  );
}
