// What the page is about: pictures above, scores and curves below. Before a run, the two domains themselves.
import { useTranslation } from 'react-i18next';
import { TrainingCharts } from '../features/charts/Charts.tsx';
import { PairPreview } from '../features/datasets/PairPreview.tsx';
import { MadePictures } from '../features/pictures/MadePictures.tsx';
import { PictureGrid } from '../features/pictures/PictureGrid.tsx';
import { StepViews } from '../features/pictures/StepViews.tsx';
import { ClassPanel } from '../features/scores/ClassPanel.tsx';
import { useStudioState } from '../stores/studioContext.ts';
import { usePanes } from '../stores/usePanes.ts';
import { Panel } from '../ui/Panel.tsx';
import { ScorePanel } from './ScorePanel.tsx';
import classes from './Shell.module.css';

export function Stage() {
  const { t } = useTranslation();
  const hasPictures = useStudioState('pictures', ({ pinned }) => pinned.length > 0);
  return (
    <>
      <div className={classes.pictures}>{hasPictures ? <RunPictures /> : <PairPreview />}</div>
      <div className={classes.strip}>
        <ScorePanel />
        <ClassPanel />
        <Panel title={t('charts.title')}>
          <TrainingCharts />
        </Panel>
      </div>
    </>
  );
}

function RunPictures() {
  const { pane } = usePanes();
  if (pane === 'made') return <MadePictures />;
  return pane === 'step' ? <StepViews /> : <PictureGrid />;
}
