// The convolution family over shapes that nobody chose: values and gradients against the float64 references and their
// definition (adjoint identities), the same bits at every run, and no memory that grows.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose, randomArray, toTensor } from '../../../testing/opContract.ts';
import { memory } from '../../gpu/memory.ts';
import { isSoftwareDevice } from '../../gpu/program.ts';
import { readAll, readValues } from '../../gpu/readback.ts';
import * as tf from '../../tf.ts';
import { convTranspose2d } from '../convTranspose2d/convTranspose2d.ts';
import { depthwiseConv2d } from '../depthwiseConv2d/depthwiseConv2d.ts';
import { resolveConv, type Sides, sides, windowsAlong } from '../geometry.ts';
import {
  conv2dReference,
  convTranspose2dReference,
  depthwiseConv2dReference,
  reflectPadReference,
} from '../reference/convolution.ts';
import type { NdArray } from '../reference/ndArray.ts';
import { composedConv2d, conv2d } from './conv2d.ts';
import {
  adoptFilterGradient,
  adoptGather,
  chooseFilterGradient,
  chooseGather,
  filterGradientCandidates,
  gatherCandidates,
} from './kernels/variants.ts';

const SEED = 20261122;
const RUNS = 12;

interface Case {
  readonly batch: number;
  readonly size: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: [number, number];
  readonly dilation: [number, number];
  readonly padding: Sides;
}

const channels = fc.constantFrom(1, 3, 4, 12, 19, 20, 48);
const upTo = (max: number, min = 1) => fc.integer({ min, max });
const both = <T>(one: fc.Arbitrary<T>) => fc.tuple(one, one);

const cases: fc.Arbitrary<Case> = fc
  .record({
    batch: upTo(3),
    size: both(upTo(9)),
    kernel: both(upTo(5)),
    inputs: channels,
    outputs: channels,
    stride: both(upTo(3)),
    dilation: both(upTo(4)),
    padding: fc.record({ top: upTo(9, 0), bottom: upTo(9, 0), left: upTo(9, 0), right: upTo(9, 0) }),
  })
  .filter(fits);

function fits({ size, kernel, dilation, padding: { top, bottom, left, right } }: Case): boolean {
  return (
    windowsAlong(size[0], kernel[0], 1, dilation[0], top + bottom) > 0 &&
    windowsAlong(size[1], kernel[1], 1, dilation[1], left + right) > 0
  );
}

interface Tried {
  readonly y: tf.Tensor;
  readonly gradients: readonly tf.Tensor[];
}

/** The result of `op` and its gradients for the upstream gradient `upstream`. */
function differentiate(op: (...xs: tf.Tensor[]) => tf.Tensor, xs: tf.Tensor[], upstream: tf.Tensor): Tried {
  const y = op(...xs);
  return { y, gradients: tf.grads((...inputs) => tf.sum(tf.mul(op(...inputs), upstream)))(xs) };
}

/**
 * Checks a bilinear op B(x, w): its values, and both gradients by the two identities that define them, in float64:
 * <dx, u> = <dy, B(u, w)> and <dw, v> = <dy, B(x, v)> for probes u and v that pick every third entry.
 */
async function check(
  op: (x: tf.Tensor, filter: tf.Tensor) => tf.Tensor,
  reference: (x: NdArray, filter: NdArray) => NdArray,
  x: NdArray,
  filter: NdArray,
): Promise<void> {
  const expected = reference(x, filter);
  const upstream = randomArray('upstream', expected.shape);
  const before = tf.memory().numTensors;
  const { y, gradients } = tf.tidy(() => {
    const tried = differentiate(
      (a, b) => op(a as tf.Tensor, b as tf.Tensor),
      [toTensor(x), toTensor(filter)],
      toTensor(upstream),
    );
    return { y: tried.y, gradients: [...tried.gradients] };
  });
  expectClose(await readValues(y), expected.data, 'sum');
  const [dx, dw] = await readAll(gradients);
  tf.dispose([y, ...gradients]);
  expect(tf.memory().numTensors).toBe(before);
  const dot = (a: ArrayLike<number>, b: Float64Array): number => b.reduce((sum, v, i) => sum + v * (a[i] ?? 0), 0);
  const largest = (a: ArrayLike<number>): number => Array.from(a).reduce((max, v) => Math.max(max, Math.abs(v)), 0);
  for (const [got, array, along] of [
    [dx!, x, (u: NdArray) => reference(u, filter)],
    [dw!, filter, (v: NdArray) => reference(x, v)],
  ] as const) {
    expect(got.length).toBe(array.data.length);
    for (let phase = 0; phase < 3; phase++) {
      const probe = randomArray(`probe ${phase}`, array.shape);
      probe.data.forEach((_, i) => {
        if (i % 3 !== phase) probe.data[i] = 0;
      });
      const wanted = dot(upstream.data, along(probe).data);
      const scale = largest(got) * Math.sqrt(got.length) + 1e-3;
      expect(Math.abs(dot(got, probe.data) - wanted)).toBeLessThanOrEqual(2e-5 * scale);
    }
  }
}

const arrays = ({ batch, size, kernel, inputs, outputs }: Case) => ({
  x: randomArray('x', [batch, ...size, inputs]),
  filter: randomArray('filter', [...kernel, inputs, outputs]),
});

const parameters = { seed: SEED, numRuns: RUNS };

describe('random convolutions', () => {
  it('conv2d with zero padding', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (c) => {
        const { x, filter } = arrays(c);
        const conv = resolveConv(c);
        await check(
          (a, w) => conv2d(a as tf.Tensor4D, w as tf.Tensor4D, c),
          (a, w) => conv2dReference(a, w, conv),
          x,
          filter,
        );
      }),
      parameters,
    );
  });

  it('conv2d with reflection', async () => {
    const reflecting = cases
      .map((c): Case => {
        const within = (pixels: number, size: number): number => pixels % size;
        const { top, bottom, left, right } = c.padding;
        const [height, width] = c.size;
        return {
          ...c,
          padding: {
            top: within(top, height),
            bottom: within(bottom, height),
            left: within(left, width),
            right: within(right, width),
          },
        };
      })
      .filter(fits);
    await fc.assert(
      fc.asyncProperty(reflecting, async (c) => {
        const { x, filter } = arrays(c);
        const conv = resolveConv({ ...c, padding: 0 });
        await check(
          (a, w) => conv2d(a as tf.Tensor4D, w as tf.Tensor4D, { ...c, padMode: 'reflect' }),
          (a, w) => conv2dReference(reflectPadReference(a, c.padding), w, conv),
          x,
          filter,
        );
      }),
      parameters,
    );
  });

  it('depthwiseConv2d', async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.constantFrom(1, 2, 3), async (c, multiplier) => {
        const { x } = arrays(c);
        const filter = randomArray('filter', [...c.kernel, c.inputs, multiplier]);
        const conv = resolveConv(c);
        await check(
          (a, w) => depthwiseConv2d(a as tf.Tensor4D, w as tf.Tensor4D, c),
          (a, w) => depthwiseConv2dReference(a, w, conv),
          x,
          filter,
        );
      }),
      parameters,
    );
  });

  it('convTranspose2d', async () => {
    const possible = cases.filter(
      ({ size, kernel, stride, padding: { top, bottom, left, right } }) =>
        (size[0] - 1) * stride[0] + kernel[0] > top + bottom && (size[1] - 1) * stride[1] + kernel[1] > left + right,
    );
    await fc.assert(
      fc.asyncProperty(possible, fc.nat({ max: 2 }), async (c, extra) => {
        const { x } = arrays(c);
        const filter = randomArray('filter', [...c.kernel, c.outputs, c.inputs]);
        const conv = resolveConv({ stride: c.stride, padding: c.padding });
        const outputPadding: [number, number] = [extra % c.stride[0], extra % c.stride[1]];
        await check(
          (a, w) =>
            convTranspose2d(a as tf.Tensor4D, w as tf.Tensor4D, {
              stride: c.stride,
              padding: c.padding,
              outputPadding,
            }),
          (a, w) => convTranspose2dReference(a, w, conv, outputPadding),
          x,
          filter,
        );
      }),
      parameters,
    );
  });
});

// Elsewhere both sides would be the composition.
describe.runIf(tf.getBackend() === 'webgpu')('long work', () => {
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

describe.runIf(tf.getBackend() === 'webgpu')('every register tile', () => {
  const padding = 1;
  const width = 7;
  const agree = async (inputs: number, outputs: number): Promise<void> => {
    await check(
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

describe('repeated', () => {
  it('every pass gives the same bits, and holds no more memory', async () => {
    const x = toTensor<tf.Tensor4D>(randomArray('x', [2, 24, 19, 12]));
    const filter = toTensor<tf.Tensor4D>(randomArray('filter', [3, 3, 12, 19]));
    const bias = toTensor<tf.Tensor1D>(randomArray('bias', [19]));
    const run = async () => {
      const results = tf.tidy(() =>
        tf.grads((x, filter, bias) =>
          tf.sum(
            tf.square(
              conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, {
                stride: 2,
                dilation: 2,
                padding: sides(3),
                bias: bias as tf.Tensor1D,
              }),
            ),
          ),
        )([x, filter, bias]),
      );
      const values = await readAll(results);
      tf.dispose(results);
      return values;
    };
    const first = await run();
    await run();
    const held = memory();
    for (let repeat = 0; repeat < 5; repeat++) expect(await run()).toEqual(first);
    expect(memory()).toEqual(held);
    tf.dispose([x, filter, bias]);
  });
});
