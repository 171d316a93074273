// What the page is about: pictures above, scores and curves below. Before a run, the two domains themselves.
import { useTranslation } from 'react-i18next';
import { ScoreChart, TrainingCharts } from '../features/charts/Charts.tsx';
import { PairPreview } from '../features/datasets/PairPreview.tsx';
import { PictureGrid } from '../features/pictures/PictureGrid.tsx';
import { StepViews } from '../features/pictures/StepViews.tsx';
import { usePanes } from '../features/pictures/usePanes.ts';
import { ClassBars } from '../features/scores/ClassBars.tsx';
import { ScoreBoard } from '../features/scores/ScoreBoard.tsx';
import { useStudioState } from '../stores/studioContext.ts';
import { Panel } from '../ui/Panel.tsx';
import classes from './Shell.module.css';

export function Stage() {
  const { t } = useTranslation();
  const hasPictures = useStudioState('pictures', ({ pinned }) => pinned.length > 0);
  return (
    <>
      <div className={classes.pictures}>{hasPictures ? <RunPictures /> : <PairPreview />}</div>
      <div className={classes.strip}>
        <Panel title={t('scores.title')}>
          <ScoreBoard />
          <ScoreChart />
        </Panel>
        <Panel title={t('scores.perClass')}>
          <ClassBars />
        </Panel>
        <Panel title={t('charts.title')}>
          <TrainingCharts />
        </Panel>
      </div>
    </>
  );
}

function RunPictures() {
  return usePanes().pane === 'step' ? <StepViews /> : <PictureGrid />;
}
