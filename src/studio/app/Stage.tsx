// What the page is about: pictures above, scores and curves below. Before a run, the two domains themselves.
import { ChartPanel } from '../features/charts/ChartPanel.tsx';
import { PairPreview } from '../features/datasets/PairPreview.tsx';
import { MadePictures } from '../features/pictures/MadePictures.tsx';
import { PictureGrid } from '../features/pictures/PictureGrid.tsx';
import { StepViews } from '../features/pictures/StepViews.tsx';
import { ClassPanel } from '../features/scores/ClassPanel.tsx';
import { useStudioState } from '../stores/studioContext.ts';
import { usePanes } from '../stores/usePanes.ts';
import { ScorePanel } from './ScorePanel.tsx';
import classes from './Shell.module.css';

export function Stage() {
  const hasPictures = useStudioState('pictures', ({ pinned }) => pinned.length > 0);
  return (
    <>
      <div className={classes.pictures}>{hasPictures ? <RunPictures /> : <PairPreview />}</div>
      <div className={classes.strip}>
        <ScorePanel />
        <ClassPanel />
        <ChartPanel />
      </div>
    </>
  );
}

function RunPictures() {
  const { pane } = usePanes();
  if (pane === 'made') return <MadePictures />;
  return pane === 'step' ? <StepViews /> : <PictureGrid />;
}
