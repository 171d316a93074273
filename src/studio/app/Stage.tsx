// What the page is about: pictures above, scores and curves below. Before a run, the two domains themselves.
import { ChartPanel } from '../features/charts/ChartPanel.tsx';
import { PairPreview } from '../features/datasets/PairPreview.tsx';
import { ClassPanel } from '../features/scores/ClassPanel.tsx';
import { PaneHost } from '../panes/core/PaneHost.tsx';
import { useStudioState } from '../stores/studioContext.ts';
import { ScorePanel } from './ScorePanel.tsx';
import classes from './Shell.module.css';

export function Stage() {
  const hasPictures = useStudioState('pictures', ({ pinned }) => pinned.length > 0);
  return (
    <>
      <div className={classes.pictures}>{hasPictures ? <PaneHost /> : <PairPreview />}</div>
      <div className={classes.strip}>
        <ScorePanel />
        <ClassPanel />
        <ChartPanel />
      </div>
    </>
  );
}
