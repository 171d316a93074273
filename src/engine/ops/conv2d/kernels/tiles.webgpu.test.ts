// What only the kernels have: work that is cut into several dispatches, and every variant that an adapter may be given.
import { afterEach, describe, expect, it } from 'vitest';
import { checkBilinear } from '../../../../testing/bilinearContract.ts';
import { expectClose, randomArray, toTensor } from '../../../../testing/opContract.ts';
import { readValues } from '../../../gpu/readback.ts';
import * as tf from '../../../tf.ts';
import { type ConvGeometry, resolveConv } from '../../geometry.ts';
import { conv2dReference } from '../../reference/convolution.ts';
import { composedConv2d, conv2d } from '../conv2d.ts';
import { traitsOfAdapter } from './run.ts';
import { keyOf } from './shape.ts';
import { adopt, askedShapes, candidates, forgetChoices, variantId } from './variants.ts';

afterEach(forgetChoices);

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

describe('every variant', () => {
  const agree = async (geometry: ConvGeometry, inputs: number, outputs: number, size = [5, 7]): Promise<void> => {
    await checkBilinear(
      (a, w) => conv2d(a as tf.Tensor4D, w as tf.Tensor4D, geometry),
      (a, w) => conv2dReference(a, w, resolveConv(geometry)),
      randomArray('x', [2, size[0]!, size[1]!, inputs]),
      randomArray('filter', [3, 3, inputs, outputs]),
    );
  };

  /** In round n every pass has its n-th variant, until the pass with the most of them has had all. */
  const sweep = async (run: () => Promise<void>): Promise<Set<string>> => {
    await run();
    const shapes = askedShapes().map(({ shape }) => shape);
    const lists = shapes.map((shape) => candidates(shape, traitsOfAdapter()));
    const tried = new Set<string>();
    for (let n = 0; n < Math.max(...lists.map((list) => list.length)); n++) {
      shapes.forEach((shape, i) => {
        const variant = lists[i]![n % lists[i]!.length]!;
        tried.add(`${shape.pass === 'toFilter' ? 'filter' : 'gather'} ${variantId(variant)}`);
        adopt(shape, variant);
      });
      await run();
    }
    expect(new Set(askedShapes().map(({ shape }) => keyOf(shape))).size).toBe(shapes.length);
    return tried;
  };

  it.each<[string, ConvGeometry, number, number]>([
    ['channels in fours', { padding: 1 }, 8, 20],
    ['odd channels, stride, dilation', { padding: 2, stride: 2, dilation: 2 }, 3, 5],
  ])(
    'agrees with the reference: %s',
    async (_, geometry, inputs, outputs) => {
      const tried = await sweep(() => agree(geometry, inputs, outputs));
      expect([...tried].some((id) => id.startsWith('gather register'))).toBe(true);
      if (traitsOfAdapter().lanes !== null) {
        expect([...tried].some((id) => id.startsWith('gather broadcast'))).toBe(true);
        expect([...tried].some((id) => id.startsWith('filter broadcast'))).toBe(true);
      }
    },
    120_000,
  );
});
