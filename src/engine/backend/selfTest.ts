// Six small computations with answers that are known by arithmetic, run on a backend before it is trusted: some drivers
// compute wrong values without an error (tfjs issue 2837).

import type { BackendName } from '../../domain/device.ts';
import { StudioError } from '../../domain/errors.ts';
import { conv2d } from '../ops/conv2d/conv2d.ts';
import { groupNorm } from '../ops/groupNorm/groupNorm.ts';
import { resizeBilinear } from '../ops/resizeBilinear/resizeBilinear.ts';
import { softmaxCrossEntropy } from '../ops/softmaxCrossEntropy/softmaxCrossEntropy.ts';
import * as tf from '../tf.ts';
import { readAll } from './readback.ts';

interface Check {
  readonly name: string;
  readonly run: () => tf.Tensor;
  readonly expected: readonly number[];
}

// Shapes whose kernels the built-in networks need anyway: a software driver takes half a second to compile one.
const [FROM, TO] = [3, 12];
const CLASSES = 19;
const GROUP = 8;
const ones = (...shape: [number, number, number, number]): tf.Tensor4D => tf.ones(shape);
const repeated = (values: readonly number[], times: number): number[] =>
  values.flatMap((value) => new Array<number>(times).fill(value));

const CHECKS: readonly Check[] = [
  {
    // Values of mean 0 and variance 1 stay as they are, and are shifted by 2.
    name: 'group normalisation',
    run: () => {
      const x = tf.tensor4d(repeated([1, -1], 2 * GROUP), [1, 2, 2, GROUP]);
      return groupNorm(x, { groups: 1, gamma: tf.ones([GROUP]), beta: tf.fill([GROUP], 2) });
    },
    expected: repeated([3, 1], 2 * GROUP),
  },
  {
    // A 3x3 box over ones with zero padding counts the neighbours inside the map, in every channel.
    name: 'convolution',
    run: () => conv2d(ones(1, 3, 3, FROM), ones(3, 3, FROM, TO), { padding: 1 }),
    expected: repeated([4, 6, 4, 6, 9, 6, 4, 6, 4], TO).map((neighbours) => FROM * neighbours),
  },
  {
    // At dilation 2 on 3x3, the centre tap sees all 9 pixels, an edge tap 3 and a corner tap 1.
    name: 'gradient of a dilated convolution',
    run: () =>
      tf.grad((filter) => conv2d(ones(1, 3, 3, FROM), filter as tf.Tensor4D, { padding: 2, dilation: 2 }))(
        ones(3, 3, FROM, TO),
        ones(1, 3, 3, TO),
      ),
    expected: repeated([1, 3, 1, 3, 9, 3, 1, 3, 1], FROM * TO),
  },
  {
    // Each of the 64 output pixels hands out weights that sum to 1, evenly by symmetry.
    name: 'gradient of a bilinear resize',
    run: () =>
      tf.grad((x) => resizeBilinear(x as tf.Tensor4D, [8, 8], { alignCorners: false }))(
        ones(1, 4, 4, 1),
        ones(1, 8, 8, 1),
      ),
    expected: repeated([4], 16),
  },
  {
    // Equal logits: the logarithm of how many there are, over the one pixel that is not ignored.
    name: 'cross-entropy',
    run: () =>
      softmaxCrossEntropy(tf.zeros([1, 1, 2, CLASSES]), tf.tensor3d([1, 255], [1, 1, 2], 'int32'), {
        classWeights: tf.ones([CLASSES]),
        divideBy: 'weights',
      }),
    expected: [Math.log(CLASSES)],
  },
  {
    name: 'large sum',
    run: () => tf.sum(tf.ones([1000, 100])),
    expected: [100_000],
  },
];

const RELATIVE_TOLERANCE = 1e-4;

/** Throws `gpu.unavailable` naming the first computation that is wrong. */
export async function runSelfTest(backend: BackendName): Promise<void> {
  const results = CHECKS.map(({ run }) => tf.tidy(run));
  const values = await readAll(results);
  tf.dispose(results);
  CHECKS.forEach(({ name, expected }, check) => {
    const got = values[check] ?? [];
    const isRight =
      got.length === expected.length &&
      expected.every((value, i) => Math.abs((got[i] ?? Number.NaN) - value) <= RELATIVE_TOLERANCE * value);
    if (isRight) return;
    throw new StudioError(
      'gpu.unavailable',
      `The ${backend} backend computes a wrong ${name}: [${[...got].slice(0, 9)}] instead of [${expected}].`,
      'Update the graphics driver, or choose another backend.',
      { backend, check: name },
    );
  });
}
