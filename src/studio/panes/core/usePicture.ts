// How a pane comes by its pictures: pulled for as long as it is on screen, kept for the open run.
import { useEffect } from 'react';
import type { PictureFrame, PictureKind } from '../../../bridge/pictures/pictureKind.ts';
import { dataOf, type PaneData, putData } from '../../stores/pictures.ts';
import { pullPictures } from '../../stores/pullPictures.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';

/**
 * What lies in `place`, with every frame of `kind` that arrives added to it by `add`. `ask`, `place` and `add` must keep
 * their identity from one drawing to the next, or the pulling begins anew.
 */
export function usePicture<Ask, Frame extends PictureFrame, Value>(
  kind: PictureKind<Ask, Frame>,
  ask: Ask,
  place: PaneData<Value>,
  add: (value: Value, frame: Frame) => Value,
): Value {
  const studio = useStudio();
  const runId = useStudioState('runs', ({ current }) => current?.runId ?? null);
  useEffect(() => {
    if (runId === null) return;
    const { pictures } = studio;
    let watched = true;
    const receive = (frame: Frame): void => putData(pictures, place, add(dataOf(pictures.getState(), place), frame));
    void pullPictures({ studio, runId, kind, ask, isWatched: () => watched, receive });
    return () => {
      watched = false;
    };
  }, [studio, runId, kind, ask, place, add]);
  return usePaneData(place);
}

export function usePaneData<Value>(place: PaneData<Value>): Value {
  return useStudioState('pictures', (state) => dataOf(state, place));
}
