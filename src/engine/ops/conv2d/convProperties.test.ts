// The convolution family over shapes that nobody chose: values and gradients against the float64 references and their
// definition (adjoint identities), the same bits at every run, and no memory that grows.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBilinear } from '../../../testing/bilinearContract.ts';
import { randomArray, toTensor } from '../../../testing/opContract.ts';
import { atLength } from '../../../testing/slow.ts';
import { memory } from '../../backend/memory.ts';
import { readAll } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import { convTranspose2dReference } from '../convTranspose2d/convTranspose2d.reference.ts';
import { convTranspose2d } from '../convTranspose2d/convTranspose2d.ts';
import { resolveConv, type Sides, sides, windowsAlong } from '../core/geometry.ts';
import { depthwiseConv2dReference } from '../depthwiseConv2d/depthwiseConv2d.reference.ts';
import { depthwiseConv2d } from '../depthwiseConv2d/depthwiseConv2d.ts';
import { reflectPadReference } from '../reflectPad/reflectPad.reference.ts';
import { conv2dReference } from './conv2d.reference.ts';
import { conv2d } from './conv2d.ts';

const SEED = 20261122;
const RUNS = atLength(12, 5);

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
        await checkBilinear(
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
        await checkBilinear(
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
        await checkBilinear(
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
        await checkBilinear(
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
