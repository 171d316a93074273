// Every variant that an adapter may be given. On a card those whose text is another there: weights handed round a subgroup, in
// vectors and without a loop over the stores; tiled.webgpu.test.ts has the tiles in workgroup memory, which are the same.
import { describe, expect, it } from 'vitest';
import { convAgrees, sweepVariants } from '../../../../testing/convVariants.ts';
import { expectClose, randomArray, toTensor } from '../../../../testing/opContract.ts';
import { atLength } from '../../../../testing/slow.ts';
import { readValues } from '../../../backend/readback.ts';
import { isSoftwareDevice } from '../../../gpu/program.ts';
import * as tf from '../../../tf.ts';
import { type ConvGeometry, resolveConv } from '../../core/geometry.ts';
import { candidates, traitsOfAdapter } from '../choice/candidates.ts';
import { kernelChoices } from '../choice/choices.ts';
import type { ConvVariant } from '../choice/variants.ts';
import { conv2dReference } from '../conv2d.reference.ts';
import { conv2d } from '../conv2d.ts';
import type { ConvShape } from './shape.ts';

const isTried = atLength(
  () => true,
  ({ kind }: ConvVariant) => isSoftwareDevice() || kind.startsWith('broadcast'),
);
const variantsOf = (shape: ConvShape): ConvVariant[] =>
  candidates(shape, traitsOfAdapter()).filter((variant, i) => i === 0 || isTried(variant));
const firstOfKinds = (shape: ConvShape): ConvVariant[] => {
  const all = variantsOf(shape);
  return all.filter((variant) => variant === all.find(({ kind }) => kind === variant.kind));
};

describe('every variant', () => {
  it.each<[string, ConvGeometry, number, number]>([
    ['channels in fours', { padding: 1 }, 8, 20],
    ['odd channels, stride, dilation', { padding: 2, stride: 2, dilation: 2 }, 3, 5],
  ])(
    'agrees with the reference: %s',
    async (_, geometry, inputs, outputs) => {
      const tried = await sweepVariants(() => convAgrees(geometry, inputs, outputs), variantsOf);
      expect([...tried].some((id) => id.startsWith('gather register'))).toBe(true);
      if (traitsOfAdapter().lanes !== null) {
        expect([...tried].some((id) => id.startsWith('gather broadcast'))).toBe(true);
        expect([...tried].some((id) => id.startsWith('filter broadcast'))).toBe(true);
      }
    },
    120_000,
  );

  it.each([
    ['channels in fours', 4, 8],
    ['odd channels', 3, 5],
  ] as const)(
    'agrees with the reference, one of every kind, reflected: %s',
    async (_, inputs, outputs) => {
      await sweepVariants(
        () => convAgrees({ padding: 2, stride: 2, padMode: 'reflect' }, inputs, outputs),
        firstOfKinds,
      );
    },
    120_000,
  );

  it.each([20, 5])('rectifies what it writes, one of every kind, %i channels', async (outputs) => {
    const [x, filter, bias] = [
      randomArray('x', [1, 5, 7, 8]),
      randomArray('filter', [3, 3, 8, outputs]),
      randomArray('bias', [outputs]),
    ];
    const expected = conv2dReference(x, filter, resolveConv({ padding: 1 })).data.map((sum, i) => {
      const value = sum + bias.data[i % outputs]!;
      return value > 0 ? value : 0.25 * value;
    });
    const inputs = [toTensor<tf.Tensor4D>(x), toTensor<tf.Tensor4D>(filter), toTensor<tf.Tensor1D>(bias)] as const;
    const run = () => conv2d(inputs[0], inputs[1], { padding: 1, bias: inputs[2], activation: { leaky: 0.25 } });
    tf.dispose(run());
    const { shape } = kernelChoices().asked()[0]!;
    const variants = firstOfKinds(shape);
    expect(variants.map(({ kind }) => kind)).toContain('register');
    for (const variant of variants) {
      kernelChoices().adopt(shape, variant);
      const y = run();
      expectClose(await readValues(y), expected, 'sum');
      y.dispose();
    }
    tf.dispose([...inputs]);
  });
});
