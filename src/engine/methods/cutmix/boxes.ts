// Where CutMix cuts, in the four readings that are around: host arithmetic, drawn before the step. The box of the reference
// code itself is in ops/mix/cutMixBox.ts.
import type { Size } from '../../../domain/dataset.ts';
import type { RandomStream } from '../../../domain/rng.ts';
import { cutMixBox } from '../../ops/mix/cutMixBox.ts';

/**
 * `center-clip`: Yun et al.'s code, sides sqrt(1 - lambda) of the picture's around a uniform centre, clipped at the border.
 * `topleft-clip`: the UDAS formula to the letter, with that point as the top left corner. `inside`: moved so that nothing is
 * clipped. `half-area`: French et al. 2020, always half of the picture, its aspect uniform. Mean shares of the picture over
 * lambda ~ U(0, 1): 0.32, 0.18, 0.5, 0.5.
 */
export const BOX_MODES = ['center-clip', 'topleft-clip', 'inside', 'half-area'] as const;
export type BoxMode = (typeof BOX_MODES)[number];

/** In pixels, half open. */
export interface Box {
  readonly y1: number;
  readonly x1: number;
  readonly y2: number;
  readonly x2: number;
}

export function drawBox(random: RandomStream, mode: BoxMode, { width, height }: Size): Box {
  if (mode === 'half-area') {
    const boxWidth = Math.round(random.uniform(width / 2, width));
    return placed(random, { width, height }, boxWidth, Math.round((width * height) / 2 / boxWidth));
  }
  const lambda = random.uniform();
  const share = Math.sqrt(1 - lambda);
  const [boxWidth, boxHeight] = [Math.trunc(width * share), Math.trunc(height * share)];
  if (mode === 'inside') return placed(random, { width, height }, boxWidth, boxHeight);
  const [x, y] = [random.integer(width), random.integer(height)];
  if (mode === 'center-clip') return cutMixBox({ width, height, lambda, centreX: x, centreY: y });
  return { y1: y, x1: x, y2: Math.min(height, y + boxHeight), x2: Math.min(width, x + boxWidth) };
}

function placed(random: RandomStream, { width, height }: Size, boxWidth: number, boxHeight: number): Box {
  const x1 = random.integer(width - boxWidth + 1);
  const y1 = random.integer(height - boxHeight + 1);
  return { y1, x1, y2: y1 + boxHeight, x2: x1 + boxWidth };
}

/** Share of the picture that the box covers. */
export function areaOf({ y1, x1, y2, x2 }: Box, { width, height }: Size): number {
  return ((x2 - x1) * (y2 - y1)) / (width * height);
}
