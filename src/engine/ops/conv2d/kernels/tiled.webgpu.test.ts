// What only the kernels have: work that is cut into several dispatches, and tiles in workgroup memory.
import { describe, expect, it } from 'vitest';
import { cardTraits, convAgrees, sweepVariants } from '../../../../testing/convVariants.ts';
import { expectClose, randomArray, toTensor } from '../../../../testing/opContract.ts';
import { readValues } from '../../../backend/readback.ts';
import { dispatchCount } from '../../../gpu/dispatchCount.ts';
import { disposeIntermediate } from '../../../gpu/program.ts';
import * as tf from '../../../tf.ts';
import { type ConvGeometry, convOutputSize, resolveConv } from '../../core/geometry.ts';
import { candidates, traitsOfAdapter } from '../choice/candidates.ts';
import { kernelChoices } from '../choice/choices.ts';
import { type ConvVariant, variantId } from '../choice/variants.ts';
import { conv2dReference } from '../conv2d.reference.ts';
import { composedConv2d, conv2d } from '../conv2d.ts';
import { dispatchFlops } from './dispatches.ts';
import { type ConvInputs, runConvolution } from './run.ts';
import { type ConvShape, convShape, flopsOf, outputShape, type Shape4D } from './shape.ts';

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

  it('swaps the channels of a filter with more weights than workgroups along one axis have threads', async () => {
    const [inputs, outputs] = [2100, 2000];
    const [x, filter, y]: [Shape4D, Shape4D, Shape4D] = [
      [1, 1, 1, inputs],
      [1, 1, inputs, outputs],
      [1, 1, 1, outputs],
    ];
    const shape = convShape('toInput', x, filter, y, { ...resolveConv({}), reflect: false });
    const variant = candidates(shape, traitsOfAdapter()).find(({ kind }) => kind === 'register');
    const weights = tf.tidy(() => tf.mod(tf.range(0, inputs * outputs), 7).reshape(filter));
    const dy = tf.ones(y);
    const dx = tf.engine().makeTensorFromTensorInfo(runConvolution(shape, variant!, [dy, weights]));
    const expected = Array.from({ length: inputs }, (_, c) => {
      let sum = 0;
      for (let o = 0; o < outputs; o++) sum += (c * outputs + o) % 7;
      return sum;
    });
    expect([...(await readValues(dx))]).toEqual(expected);
    tf.dispose([weights, dy, dx]);
  });
});

describe('a dispatch', () => {
  // What must be cut is long sums (many channels), many pixels for few weights, and large weights: in small, the layers of
  // DeepLab v2 that `tools/measure/benchConv.mjs long` measures.
  it.each<[string, Shape4D, Shape4D, ConvGeometry]>([
    ['many channels, to few', [1, 24, 40, 256], [3, 3, 256, 19], { padding: 6, dilation: 6 }],
    ['a large map of few channels', [1, 96, 160, 3], [7, 7, 3, 64], { padding: 3, stride: 2 }],
  ])('holds no more work than a slow adapter does in 50 ms: %s', (_, x, filter, geometry) => {
    const limit = 1.3 * dispatchFlops(); // what is rounded up to whole tiles is not counted here
    const conv = resolveConv(geometry);
    const [oh, ow] = convOutputSize([x[1], x[2]], [filter[0], filter[1]], conv);
    for (const pass of ['forward', 'toInput', 'toFilter'] as const) {
      const shape = convShape(pass, x, filter, [x[0], oh, ow, filter[3]], { ...conv, reflect: false });
      const [a, b] = {
        forward: [x, filter],
        toInput: [outputShape(shape), filter],
        toFilter: [x, outputShape(shape)],
      }[pass].map((size) => tf.fill(size, 0.5));
      const [variant] = candidates(shape, traitsOfAdapter());
      const before = dispatchCount();
      disposeIntermediate(runConvolution(shape, variant!, [a!, b!]));
      expect(flopsOf(shape) / (dispatchCount() - before), pass).toBeLessThan(limit);
      tf.dispose([a!, b!]);
    }
  });
});

describe('tiles in workgroup memory', () => {
  // As on a GPU: an adapter that computes on the CPU is offered none of them.
  const tiled = (shape: ConvShape) =>
    candidates(shape, cardTraits(), traitsOfAdapter().half ? 'f16' : 'f32').filter(
      ({ kind }) => kind === 'tiled' || kind === 'tiled filter',
    );
  /** Here compiling takes a second for every sum of a thread, and all sizes come from one text: 2 x 2 stand for 4 x 4. */
  const small = (shape: ConvShape) => tiled(shape).filter((variant) => variantId(variant) === 'tiled 32x32');

  it.each<[string, ConvGeometry, number, number]>([
    ['more channels than a tile', { padding: 1 }, 20, 70],
    ['odd channels, stride, dilation', { padding: 2, stride: 2, dilation: 2 }, 3, 5],
    ['more padding than the kernel reaches', { padding: 4, stride: [1, 3] }, 17, 4],
  ])(
    'agree with the reference: %s',
    async (_, geometry, inputs, outputs) => {
      const tried = await sweepVariants(() => convAgrees(geometry, inputs, outputs, [7, 9]), small);
      expect(tried).toEqual(new Set(['gather tiled 32x32', 'filter tiled 32x32']));
    },
    120_000,
  );

  it('agree with the reference, reflected', async () => {
    const tried = await sweepVariants(
      () => convAgrees({ padding: 1, padMode: 'reflect' }, 3, 5),
      (shape) => {
        const tiles = small(shape);
        return tiles.length > 0 ? tiles : candidates(shape, traitsOfAdapter()).slice(0, 1);
      },
    );
    expect(tried).toContain('gather tiled 32x32');
  }, 120_000);

  it('store f16 and sum f32: exact for numbers of 11 bits, rounded to these for others', async () => {
    const geometry = resolveConv({ padding: 1, stride: 2 });
    const [xShape, filterShape, yShape]: [Shape4D, Shape4D, Shape4D] = [
      [2, 6, 7, 18],
      [3, 3, 18, 20],
      [2, 3, 4, 20],
    ];
    // Products of these are exact in f32, as those of all f16 numbers are.
    const coarse = (key: string, size: readonly number[], unit: number): tf.Tensor => {
      const { data, shape } = randomArray(key, size);
      return toTensor({ shape, data: data.map((value) => Math.round(value / unit) * unit) });
    };
    for (const pass of ['forward', 'toInput', 'toFilter'] as const) {
      const shape = convShape(pass, xShape, filterShape, yShape, { ...geometry, reflect: false });
      const sizes = { forward: [xShape, filterShape], toInput: [yShape, filterShape], toFilter: [xShape, yShape] }[
        pass
      ];
      const valuesOf = async (variant: ConvVariant, inputs: tf.Tensor[]) => {
        const info = runConvolution(shape, variant, inputs as unknown as ConvInputs);
        const y = tf.engine().makeTensorFromTensorInfo(info);
        const values = await readValues(y);
        tf.dispose([y, ...inputs]);
        return values;
      };
      const exact = (unit: number) => sizes.map((size, i) => coarse(`${pass} ${i}`, size, unit));
      const [proven] = candidates(shape, traitsOfAdapter());
      const expected = await valuesOf(proven!, exact(2 ** -9));
      if (!traitsOfAdapter().half) {
        // SwiftShader has no shader-f16: what there is to see is that nobody gets such a kernel.
        expect(() => candidates(shape, cardTraits(), 'f16')).toThrow('shader-f16');
        continue;
      }
      const [half] = tiled(shape).filter((variant) => variantId(variant) === 'tiled 32x32 f16');
      expectClose(await valuesOf(half!, exact(2 ** -9)), expected, 'sum');
      // 1 + 2^-12 is 1 in f16.
      const fine = () => sizes.map((size) => tf.fill([...size], 1 + 2 ** -12));
      const ones = () => sizes.map((size) => tf.ones([...size]));
      expect(await valuesOf(half!, fine())).toEqual(await valuesOf(proven!, ones()));
    }
  }, 120_000);

  it('agree with the others in a tile of the largest size', async () => {
    const conv = { ...resolveConv({ padding: 1 }), reflect: false };
    const [x, filter, y]: [Shape4D, Shape4D, Shape4D] = [
      [1, 9, 8, 17],
      [3, 3, 17, 70],
      [1, 9, 8, 70],
    ];
    for (const [pass, sizes] of [
      ['forward', [x, filter]],
      ['toFilter', [x, y]],
    ] as const) {
      const shape = convShape(pass, x, filter, y, conv);
      const inputs = sizes.map((size, i) => toTensor(randomArray(`${pass} ${i}`, size)));
      const [proven] = candidates(shape, traitsOfAdapter());
      const [largest] = tiled(shape).filter((variant) => variantId(variant) === 'tiled 64x64');
      const results = [proven!, largest!].map((variant) =>
        tf.engine().makeTensorFromTensorInfo(runConvolution(shape, variant, inputs as unknown as ConvInputs)),
      );
      expectClose(await readValues(results[1]!), await readValues(results[0]!), 'sum');
      tf.dispose([...inputs, ...results]);
    }
  }, 180_000);

  it('rectify what they write', async () => {
    const [x, filter, bias] = [
      randomArray('x', [1, 5, 7, 8]),
      randomArray('filter', [3, 3, 8, 20]),
      randomArray('bias', [20]),
    ];
    const conv = resolveConv({ padding: 1 });
    const expected = conv2dReference(x, filter, conv).data.map((sum, i) => {
      const value = sum + bias.data[i % 20]!;
      return value > 0 ? value : 0.25 * value;
    });
    const inputs = [toTensor<tf.Tensor4D>(x), toTensor<tf.Tensor4D>(filter), toTensor<tf.Tensor1D>(bias)] as const;
    const run = () => conv2d(inputs[0], inputs[1], { padding: 1, bias: inputs[2], activation: { leaky: 0.25 } });
    tf.dispose(run());
    const { shape } = kernelChoices().asked()[0]!;
    kernelChoices().adopt(shape, small(shape)[0]!);
    const y = run();
    expectClose(await readValues(y), expected, 'sum');
    tf.dispose([y, ...inputs]);
  });
});
