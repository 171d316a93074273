// Resizing between any two sizes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose, randomArray, toTensor } from '../../../testing/opContract.ts';
import { readValues } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import { resizeBilinearReference } from './resizeBilinear.reference.ts';
import { resizeBilinear } from './resizeBilinear.ts';

const RUNS = 10;
const side = fc.integer({ min: 1, max: 13 });
const channels = fc.constantFrom(1, 3, 4, 19);

describe('resizeBilinear of any size', () => {
  it('has the values of its reference, and the transposed map as gradient', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(fc.integer({ min: 1, max: 2 }), side, side, channels),
        fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 })),
        fc.boolean(),
        async ([n, h, w, c], size, alignCorners) => {
          const x = randomArray('x', [n, h, w, c]);
          const u = randomArray('u', [n, ...size, c]);
          const [y, back] = tf.tidy(() => {
            // The product with 1 is there for the size that stays: the result is then x itself.
            const resize = (x: tf.Tensor) => resizeBilinear(tf.mul(x, 1), size, { alignCorners });
            return [resize(toTensor(x)), tf.grad(resize)(toTensor(x), toTensor(u))] as const;
          });
          const expected = resizeBilinearReference(x, size, alignCorners);
          expectClose(await readValues(y), expected.data, 'sum');
          // <resize(x), u> = <x, adjoint(u)>
          const gradient = Float64Array.from(await readValues(back));
          const forward = expected.data.reduce((sum, value, i) => sum + value * u.data[i]!, 0);
          const adjoint = x.data.reduce((sum, value, i) => sum + value * gradient[i]!, 0);
          const scale = Math.sqrt(expected.data.length + x.data.length);
          expect(Math.abs(forward - adjoint)).toBeLessThanOrEqual(1e-4 * scale);
          // Each output hands out weights that sum to 1.
          const handedOut = gradient.reduce((sum, value) => sum + value, 0);
          expect(Math.abs(handedOut - u.data.reduce((sum, value) => sum + value, 0))).toBeLessThanOrEqual(1e-4 * scale);
          tf.dispose([y, back]);
        },
      ),
      { numRuns: RUNS },
    );
  });
});
