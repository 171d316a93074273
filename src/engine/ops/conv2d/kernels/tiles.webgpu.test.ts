// What only the kernels have: work that is cut into several dispatches, and register tiles of every kind of adapter.
import { describe, it } from 'vitest';
import { checkBilinear } from '../../../../testing/bilinearContract.ts';
import { expectClose, randomArray, toTensor } from '../../../../testing/opContract.ts';
import { isSoftwareDevice } from '../../../gpu/program.ts';
import { readValues } from '../../../gpu/readback.ts';
import * as tf from '../../../tf.ts';
import { resolveConv } from '../../geometry.ts';
import { conv2dReference } from '../../reference/convolution.ts';
import { composedConv2d, conv2d } from '../conv2d.ts';
import {
  adoptFilterGradient,
  adoptGather,
  chooseFilterGradient,
  chooseGather,
  filterGradientCandidates,
  gatherCandidates,
} from './variants.ts';

describe('long work', () => {
  it('is cut into several dispatches, with the values of the composition', async () => {
    const x = toTensor<tf.Tensor4D>(randomArray('x', [1, 44, 50, 64]));
    const filter = toTensor<tf.Tensor4D>(randomArray('filter', [3, 3, 64, 64]));
    const run = (op: typeof composedConv2d) =>
      tf.tidy(() => {
        const loss = (a: tf.Tensor, w: tf.Tensor) =>
          tf.mean(tf.square(op(a as tf.Tensor4D, w as tf.Tensor4D, { padding: 1, stride: 1 })));
        const { value, grads } = tf.valueAndGrads((a, w) => loss(a as tf.Tensor, w as tf.Tensor) as tf.Scalar)([
          x,
          filter,
        ]);
        return [value, ...grads];
      });
    const [ours, stock] = [run(conv2d), run(composedConv2d)];
    for (const [i, y] of ours.entries()) expectClose(await readValues(y), await readValues(stock[i]!), 'sum');
    tf.dispose([x, filter, ...ours, ...stock]);
  });
});

describe('every register tile', () => {
  const padding = 1;
  const width = 7;
  const agree = async (inputs: number, outputs: number): Promise<void> => {
    await checkBilinear(
      (a, w) => conv2d(a as tf.Tensor4D, w as tf.Tensor4D, { padding }),
      (a, w) => conv2dReference(a, w, resolveConv({ padding })),
      randomArray('x', [2, 5, width, inputs]),
      randomArray('filter', [3, 3, inputs, outputs]),
    );
  };

  it.each([
    [8, 8],
    [8, 5],
    [3, 12],
  ])('of the gathering passes, %i channels in and %i out', async (inner, outer) => {
    const shapes = [
      { width, inner, outer, software: isSoftwareDevice() },
      { width, inner: outer, outer: inner, software: isSoftwareDevice() },
    ];
    const before = shapes.map(chooseGather);
    // The best of each depth: what adapters of every kind may be given.
    const [tiles, others] = shapes.map((shape) => {
      const all = gatherCandidates(shape);
      return [1, 4].flatMap((depth) => all.filter((tile) => tile.depth === depth).slice(0, 1));
    });
    for (let i = 0; i < Math.max(tiles!.length, others!.length); i++) {
      adoptGather(shapes[0]!, tiles![i % tiles!.length]!);
      adoptGather(shapes[1]!, others![i % others!.length]!);
      await agree(inner, outer);
    }
    shapes.forEach((shape, i) => {
      adoptGather(shape, before[i]!);
    });
  });

  it('of the gradient to the filter', async () => {
    const shape = { inChannels: 12, outChannels: 8 };
    const before = chooseFilterGradient(shape);
    for (const tile of filterGradientCandidates(shape).slice(0, 4)) {
      adoptFilterGradient(shape, tile);
      await agree(12, 8);
    }
    adoptFilterGradient(shape, before);
  });
});
