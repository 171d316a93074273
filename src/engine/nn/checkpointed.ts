// Gradient check-pointing (Chen et al. 2016): a layer whose backward pass computes its forward pass once more, so that between
// the two only its input is kept. Costs one more forward pass of the layer, saves every map inside it.
import { invariant } from '../../domain/errors.ts';
import * as tf from '../tf.ts';
import type { Layer } from './layers.ts';
import type { Parameter } from './parameters.ts';

/**
 * The same layer, with the same values and gradients. `parameters` are all that it uses: the gradient reaches those among
 * them that are trained, and no other variable.
 */
export function checkpointed(layer: Layer, parameters: readonly Parameter[]): Layer {
  const variables = parameters.flatMap(({ trainable, variable }) => (trainable ? [variable] : []));
  return (x, phase) => {
    // Only a training pass is followed by a backward pass; what recomputes is inside another check-point already.
    if (phase !== 'train') return layer(x, phase);
    const run = tf.customGrad((...args) => {
      const save = args.pop() as unknown as tf.GradSaveFunc;
      const [input] = args as [tf.Tensor4D];
      save([input]);
      return {
        value: layer(input, 'train'),
        gradFunc: (dy, saved) => {
          const [kept] = saved as [tf.Tensor4D];
          return gradientsAgain(() => layer(kept, 'recompute'), [kept, ...variables], dy as tf.Tensor4D);
        },
      };
    });
    return run(x, ...variables) as tf.Tensor4D;
  };
}

/** The gradients of `compute` with respect to `inputs`, for the upstream gradient `dy`, inside another backward pass. */
function gradientsAgain(compute: () => tf.Tensor4D, inputs: tf.Tensor[], dy: tf.Tensor4D): tf.Tensor[] {
  const { state } = tf.engine();
  // TensorFlow.js 4.22 has one tape, and takes it away when any gradient is done: the pass around this one needs it back.
  const { activeTape } = state;
  try {
    const { value, grads } = tf.engine().gradients(compute, inputs, dy);
    value.dispose();
    invariant(
      grads.every((gradient: tf.Tensor | undefined) => gradient !== undefined),
      () => 'A check-pointed layer does not depend on all of its parameters.',
    );
    return grads;
  } finally {
    state.activeTape = activeTape;
  }
}
