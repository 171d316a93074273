import { describe, it } from 'vitest';
import { expectClose } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import { readValues } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import { leakyRelu, relu } from './activations.ts';
import { info } from './info.ts';

describe('maps of more elements than one row of workgroups holds', () => {
  it('are worked through to the last one', async () => {
    const size = 65_535 * 64 + 7;
    const last = tf.tidy(() => {
      const x = tf.concat1d([tf.fill([size - 2], 3) as tf.Tensor1D, tf.tensor1d([-1, 2])]);
      return tf.slice(relu(x), [size - 3], [3]);
    });
    expectClose(await readValues(last), [3, 0, 2], 'exact');
    last.dispose();
  });
});

itCosts(info, [[2, 5, 6, 4]], ([x]) => relu(x), 'relu');
itCosts(info, [[2, 5, 6, 4]], ([x]) => leakyRelu(x, 0.2), 'leakyRelu');
