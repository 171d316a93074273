// ReLU and leaky ReLU on WebGPU, one dispatch in either direction (TensorFlow.js takes three to four for the gradient), and
// the gradient alone for operations that have rectified what they wrote.
import { defineKernel, when } from '../../gpu/kernel.ts';
import { perElement, vectorType, vectorWidth } from '../../gpu/wgsl.ts';
import * as tf from '../../tf.ts';
import { withGradient } from '../core/withGradient.ts';

/** `value` where the sign of `x` is positive, slope * value elsewhere; forward the value is x itself. */
const kernel = defineKernel({
  name: 'rectified',
  uniforms: { size: 'i32', slope: 'f32' }, // the size in vectors
  inputs: ({ isGradient, width }) => ({ x: vectorType(width), ...when(isGradient, { dy: vectorType(width) }) }),
  outputs: ({ width }) => ({ result: vectorType(width) }),
  wgsl: ({ isGradient, width }: { readonly isGradient: boolean; readonly width: 1 | 4 }) =>
    perElement(
      'u.size',
      `let value = ${isGradient ? 'dy' : 'x'}[index];
  result[index] = select(u.slope * value, value, x[index] > ${vectorType(width)}());`,
    ),
});

/** x where positive, else slope * x. */
export function rectified<T extends tf.Tensor>(x: T, slope: number): T {
  return withGradient(
    [x],
    () => ({ value: dispatch(x, slope), kept: { x } }),
    (dy, { x }) => dispatch(x, slope, dy),
  );
}

/**
 * `y` as it is, for whoever has rectified it already (with `slope` >= 0): its gradient is that to what it was before, since
 * the sign has stayed. No dispatch forward, one back.
 */
export function pastRectifier<T extends tf.Tensor>(y: T, slope: number): T {
  return withGradient(
    [y],
    () => ({ value: tf.clone(y), kept: { y } }),
    (dy, { y }) => dispatch(y, slope, dy),
  );
}

function dispatch<T extends tf.Tensor>(x: T, slope: number, dy?: T): T {
  const width = vectorWidth(x.size);
  const size = x.size / width;
  const { result } = kernel.run({
    spec: { isGradient: dy !== undefined, width },
    inputs: { x, dy },
    outputs: { result: x.shape },
    threads: size,
    uniforms: { size, slope },
  });
  return result as T;
}
