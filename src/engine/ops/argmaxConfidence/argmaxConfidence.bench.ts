// Decisions against TensorFlow.js’s composition.
import { CLASSES, caseOf, type OpBench, type OpBenchCase, type Shape4D } from '../../../testing/opBench.ts';
import { uniformTensor } from '../../../testing/randomTensor.ts';
import * as tf from '../../tf.ts';
import { argmaxConfidence } from './argmaxConfidence.ts';

export const benches: readonly OpBench[] = [
  {
    name: 'argmax, confidence',
    pass: 'forward',
    open: ({ batch, height, width }) => argmaxCase([batch, height, width, CLASSES]),
  },
];

function argmaxCase(shape: Shape4D): OpBenchCase {
  const logits = uniformTensor(shape, 'logits', -4, 4) as tf.Tensor4D;
  return caseOf(shape, {
    ours: () => {
      const { classes, confidence } = argmaxConfidence(logits);
      return [classes, confidence];
    },
    stock: () => [tf.argMax(logits, -1), tf.max(tf.softmax(logits), -1)],
    operands: { logits },
    maps: 1,
  });
}
