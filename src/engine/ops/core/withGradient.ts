// An operation with a gradient of its own, where TensorFlow.js's tape has none that is right.
import * as tf from '../../tf.ts';

type Kept = Readonly<Record<string, tf.Tensor | null>>;

/**
 * What `forward` computes of `inputs`, with `gradient` to them, in their order. The gradient gets what it needs as `kept`, by
 * name; it may close over no tensor, which may be gone by then.
 */
export function withGradient<Y extends tf.Tensor, K extends Kept = Readonly<Record<never, never>>>(
  inputs: readonly tf.Tensor[],
  forward: () => { readonly value: Y; readonly kept?: K },
  gradient: (dy: Y, kept: K) => tf.Tensor | tf.Tensor[],
): Y {
  const run = tf.customGrad<Y>((...args) => {
    const save = args.at(-1) as tf.GradSaveFunc;
    const { value, kept } = forward();
    const entries = Object.entries<tf.Tensor | null>(kept ?? {});
    save(entries.flatMap(([, tensor]) => tensor ?? []));
    const places = entries.map(([name, tensor]) => [name, tensor !== null] as const);
    return {
      value,
      gradFunc: (dy, saved) => {
        const rest = [...saved];
        return gradient(dy, Object.fromEntries(places.map(([name, is]) => [name, is ? rest.shift() : null])) as K);
      },
    };
  });
  return run(...inputs);
}
