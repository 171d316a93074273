// The colours of the classes on screen, hidden ones transparent: the same table until one of either changes.
import { useMemo } from 'react';
import { useClasses } from '../../stores/classes.ts';
import { useStudioState } from '../../stores/studioContext.ts';
import { classColours } from '../../ui/pixels.ts';

export function useClassColours(): Uint32Array {
  const classes = useClasses();
  const hidden = useStudioState('view', (state) => state.hidden);
  return useMemo(() => classColours(classes, hidden), [classes, hidden]);
}
