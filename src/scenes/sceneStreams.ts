// Random streams of one scene, one per element and slot. Because no element's draws depend on another's, a gap that moves
// one thing leaves every other as it is: the sliders morph one and the same scene.
import { RandomStream } from '../domain/rng.ts';

/** -1 left, 1 right, 0 neither. */
export type Side = -1 | 0 | 1;

export class SceneStreams {
  private readonly seed: number;
  private readonly index: number;

  constructor(seed: number, index: number) {
    this.seed = seed;
    this.index = index;
  }

  /** Decides what stands where. Every slot draws all of its uniforms, whether the object is there or not. */
  layout(element: string, side: Side = 0, slot = 0): RandomStream {
    return new RandomStream(this.seed, this.index, 1, element, side, slot);
  }

  /** Decides colours only. */
  colour(element: string, side: Side = 0, slot = 0): RandomStream {
    return new RandomStream(this.seed, this.index, 2, element, side, slot);
  }

  /** Decides what the camera does to the picture. */
  camera(part: string): RandomStream {
    return new RandomStream(this.seed, this.index, 3, part);
  }
}

/** Positions along the street at random distances: `first` and `step` are [least, most] in metres. */
export function positions(
  stream: RandomStream,
  first: readonly [number, number],
  step: readonly [number, number],
  end: number,
): number[] {
  const list: number[] = [];
  for (let z = stream.uniform(...first); z < end; z += stream.uniform(...step)) list.push(z);
  return list;
}
