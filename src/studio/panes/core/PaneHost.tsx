// The large area of the page, while a run is open: the pane that is looked at.
import { PaneChoiceContext } from './paneChoice.ts';
import { usePanes } from './usePanes.ts';

export function PaneHost() {
  const choice = usePanes();
  const { pane } = choice;
  if (pane === null) return null;
  return (
    <PaneChoiceContext value={choice}>
      <pane.Component />
    </PaneChoiceContext>
  );
}
