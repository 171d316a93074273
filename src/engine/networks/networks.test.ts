import { describe, expect, it } from 'vitest';
import { CITYSCAPES_CLASSES, MAX_CLASSES } from '../../domain/classes.ts';
import { RandomStream } from '../../domain/rng.ts';
import { readScalars } from '../backend/readback.ts';
import { countWeights } from '../nn/parameters.ts';
import { softmaxCrossEntropy } from '../ops/softmaxCrossEntropy/softmaxCrossEntropy.ts';
import { gradientsOf } from '../optim/gradients.ts';
import * as tf from '../tf.ts';
import { forwardFlops } from './core/cost.ts';
import type { NetworkEntry } from './core/network.ts';
import { lite } from './lite.ts';
import { NETWORKS, networkEntry } from './registry.ts';
import { toy } from './toy.ts';

const SIZE = { width: 128, height: 64 };

/** Noise in [-1, 1]. */
function noise(shape: [number, number, number, number], key: string): tf.Tensor4D {
  const random = new RandomStream(5, key);
  const size = shape.reduce((product, side) => product * side, 1);
  return tf.tensor4d(
    Float32Array.from({ length: size }, () => random.uniform(-1, 1)),
    shape,
  );
}

describe('registry', () => {
  it('has what the recipe specifies', () => {
    expect(lite.info.parameters).toBe(64_291);
    expect((forwardFlops(lite, SIZE) / 1e6).toFixed(2)).toBe('24.48');
    expect(forwardFlops(toy, SIZE)).toBeLessThan(forwardFlops(lite, SIZE));
    expect(() => networkEntry('nonsense')).toThrow(expect.objectContaining({ code: 'config.invalid' }));
  });
});

/** Sizes of the paper's networks are checked without their arithmetic (paperNetworks.cpu.test.ts), the rest at their narrowest. */
const isOfPaper = ({ info }: NetworkEntry): boolean => info.params !== undefined;
const SMALL = NETWORKS.map((entry) => ({
  ...entry,
  built: (seed: number, classes?: number) =>
    entry.build({
      seed,
      ...(classes === undefined ? {} : { classes }),
      ...(isOfPaper(entry) ? { params: { width: 4 } } : {}),
    }),
}));

// Compiling all shaders of a network takes a software GPU some ten seconds.
const TIMEOUT = { timeout: 60_000 };

describe.each(SMALL)('$info.id', TIMEOUT, ({ info, built }) => {
  it('takes any multiple of its declared side', () => {
    const network = built(1);
    const [height, width] = [info.sizeMultiple, 3 * info.sizeMultiple];
    const shape = tf.tidy(() => network.forward(tf.zeros([2, height, width, 3]), 'train').shape);
    expect(shape).toEqual([2, height, width, CITYSCAPES_CLASSES.length]);
    network.dispose();
  });

  it.each([1, MAX_CLASSES])('scores %i classes', (classes) => {
    const network = built(1, classes);
    const side = 2 * info.sizeMultiple;
    const shape = tf.tidy(() => network.forward(tf.zeros([1, side, side, 3]), 'evaluate').shape);
    expect(shape).toEqual([1, side, side, classes]);
    network.dispose();
  });

  it('treats each image as if it were alone', async () => {
    const network = built(1);
    const difference = tf.tidy(() => {
      const images = noise([2, 16, 32, 3], 'batch');
      const together = network.forward(images, 'train');
      const alone = network.forward(tf.slice(images, [1, 0, 0, 0], [1, 16, 32, 3]), 'train');
      return tf.max(
        tf.abs(tf.sub(tf.slice(together, [1, 0, 0, 0], [1, 16, 32, CITYSCAPES_CLASSES.length]), alone)),
      ) as tf.Scalar;
    });
    expect((await readScalars({ difference })).difference).toBeLessThan(1e-5);
    difference.dispose();
    network.dispose();
  });
});

// The gradients of the paper's networks are compared with PyTorch's in float64: the golden cases.
describe.each(NETWORKS.filter((entry) => !isOfPaper(entry)))('$info.id', TIMEOUT, ({ info, build }) => {
  it('has the parameters and the cost that are counted for it, and leaves nothing behind', () => {
    const before = tf.memory().numTensors;
    let flops = 0;
    const network = build({
      seed: 1,
      observe: (cost) => {
        flops += cost.flops;
      },
    });
    const shape = tf.tidy(() => network.forward(tf.zeros([1, 64, 128, 3]), 'evaluate').shape);
    expect(shape).toEqual([1, 64, 128, CITYSCAPES_CLASSES.length]);
    expect(countWeights(network.parameters)).toBe(info.parameters);
    expect(flops).toBe(forwardFlops({ build }, SIZE));
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('has the gradient of its loss: central differences of the whole, along each parameter’s own gradient', async () => {
    const network = build({ seed: 2 });
    const { parameters } = network;
    const images = noise([1, 16, 32, 3], 'image');
    const labels = tf.tensor3d(
      Int32Array.from({ length: 16 * 32 }, (_, i) => (i % 31 === 0 ? 255 : (i >> 3) % CITYSCAPES_CLASSES.length)),
      [1, 16, 32],
    );
    const loss = (): tf.Scalar => softmaxCrossEntropy(network.forward(images, 'train'), labels);
    const reach = 1e-3;
    const differences = tf.tidy(() => {
      const { gradients } = gradientsOf(parameters, () => ({ total: loss(), terms: {} }));
      return parameters.map(({ variable }, i) => {
        const length = tf.norm(gradients[i]!) as tf.Scalar;
        const direction = tf.div(gradients[i]!, length);
        const start = tf.clone(variable);
        const [forwards, backwards] = [reach, -reach].map((distance) =>
          tf.tidy(() => {
            variable.assign(tf.add(start, tf.mul(direction, distance)));
            return loss();
          }),
        );
        variable.assign(start);
        const slope = tf.div(tf.sub(forwards!, backwards!), 2 * reach);
        return [length, slope] as [tf.Scalar, tf.Scalar];
      });
    });
    const lengths = await readScalars(
      Object.fromEntries(differences.map(([length], i) => [parameters[i]!.name, length])),
    );
    const slopes = await readScalars(
      Object.fromEntries(differences.map(([, slope], i) => [parameters[i]!.name, slope])),
    );
    for (const [name, length] of Object.entries(lengths)) {
      expect(length, name).toBeGreaterThan(1e-4);
      // 5 %, which is what the kinks of the ReLUs within reach cost, and the rounding of two float32 losses.
      expect(Math.abs(slopes[name]! - length), name).toBeLessThan(0.05 * length + 1e-6 / reach);
    }
    tf.dispose([differences, images, labels]);
    network.dispose();
  });
});
