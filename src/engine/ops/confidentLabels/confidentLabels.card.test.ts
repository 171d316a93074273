import { describe, expect, it } from 'vitest';
import { expectInvariant } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import { readAll } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import { confidentLabels } from './confidentLabels.ts';
import { info } from './info.ts';

// Probabilities at temperature 1: (0.731, 0.269), (0.5, 0.5), (0.119, 0.881), (0.9999, 0.0001).
const LOGITS = [1, 0, 2, 2, -1, 1, 900, 890];

async function decide(temperature: number, threshold: number): Promise<{ labels: number[]; kept: number[] }> {
  const before = tf.memory().numTensors;
  const result = tf.tidy(() => ({
    ...confidentLabels(tf.tensor4d(LOGITS, [1, 2, 2, 2]), {
      temperature: tf.scalar(temperature),
      threshold: tf.scalar(threshold),
    }),
  }));
  expect(result.labels.dtype).toBe('int32');
  const [labels, kept] = await readAll([result.labels, result.kept]);
  tf.dispose([result.labels, result.kept]);
  expect(tf.memory().numTensors).toBe(before);
  return { labels: [...labels!], kept: [...kept!] };
}

describe('confidentLabels', () => {
  it('keeps what reaches the threshold', async () => {
    expect(await decide(1, 0)).toEqual({ labels: [0, 0, 1, 0], kept: [1, 1, 1, 1] });
    expect(await decide(1, 0.8)).toEqual({ labels: [255, 255, 1, 0], kept: [0, 0, 1, 1] });
    expect(await decide(1, 0.95)).toEqual({ labels: [255, 255, 255, 0], kept: [0, 0, 0, 1] });
  });

  it('changes confidences with the temperature, and never a decision', async () => {
    // At 0.5 the first pixel has 1 / (1 + exp(-2)) = 0.881, the third 0.982.
    expect(await decide(0.5, 0.87)).toEqual({ labels: [0, 255, 1, 0], kept: [1, 0, 1, 1] });
    expect(await decide(0.5, 0.95)).toEqual({ labels: [255, 255, 1, 0], kept: [0, 0, 1, 1] });
    expect(await decide(4, 0.8)).toEqual({ labels: [255, 255, 255, 0], kept: [0, 0, 0, 1] });
  });

  it('is a constant to the tape', async () => {
    const gradient = tf.tidy(() =>
      tf.grad((x) => {
        const logits = x as tf.Tensor4D;
        const { kept } = confidentLabels(logits, { temperature: tf.scalar(1), threshold: tf.scalar(0.8) });
        return tf.sum(tf.mul(kept, tf.sum(logits, 3)));
      })(tf.tensor4d(LOGITS, [1, 2, 2, 2])),
    );
    const [values] = await readAll([gradient]);
    expect([...values!]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    gradient.dispose();
  });

  it('refuses a threshold for each pixel', () => {
    expectInvariant(() =>
      tf.tidy(
        () =>
          void confidentLabels(tf.zeros([1, 1, 1, 2]), {
            temperature: tf.scalar(1),
            threshold: tf.ones([1, 1, 1]) as unknown as tf.Scalar,
          }),
      ),
    );
  });
});

itCosts(info, [[1, 2, 2, 2], [], []], ([logits, temperature, threshold]) =>
  confidentLabels(logits, { temperature, threshold }),
);
