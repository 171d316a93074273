import { it } from 'vitest';
import { expectClose } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import { valuesOf } from '../../../testing/opValues.ts';
import * as tf from '../../tf.ts';
import { colourJitter } from './colourJitter.ts';
import { info } from './info.ts';

it('jitters contrast about the mean, saturation about grey, then adds', async () => {
  const pixels = [0.2, -0.4, 0.6, 0, 0.3, -0.1];
  const [contrast, saturation, brightness, ...offsets] = [1.2, 0.7, 0.1, 0.02, -0.03, 0.05] as const;
  const mean = pixels.reduce((sum, x) => sum + x, 0) / 6;
  const contrasted = pixels.map((x) => (x - mean) * contrast + mean);
  const expected = contrasted.map((x, k) => {
    const pixel = contrasted.slice(k - (k % 3), k - (k % 3) + 3);
    const grey = pixel.reduce((sum, v) => sum + v, 0) / 3;
    return grey + (x - grey) * saturation + brightness + offsets[k % 3]!;
  });
  const factors = () => tf.tensor2d([[contrast, saturation, brightness, ...offsets]]);
  expectClose(await valuesOf(() => colourJitter(tf.tensor4d(pixels, [1, 1, 2, 3]), factors())), expected, 'sum');
  const extreme = () => tf.tensor2d([[1, 1, 5, 0, 0, 0]]);
  expectClose(
    await valuesOf(() => colourJitter(tf.tensor4d(pixels, [1, 1, 2, 3]), extreme())),
    new Array(6).fill(1.2),
    'elementwise',
  );
});

itCosts(
  info,
  [
    [2, 5, 6, 3],
    [2, 6],
  ],
  ([images, factors]) => colourJitter(images, factors),
);
