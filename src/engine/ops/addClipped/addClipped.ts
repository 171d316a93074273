// What a residual generator does last: its change added to the colours that it was given, without what else it was given
// beside them, and clipped. One dispatch either way on WebGPU; TensorFlow.js takes three, and nine for the gradient.
import { invariant } from '../../../domain/errors.ts';
import { defineKernel } from '../../gpu/kernel.ts';
import { canRunPrograms } from '../../gpu/program.ts';
import { perElement } from '../../gpu/wgsl.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import { withGradient } from '../core/withGradient.ts';

/**
 * y = clip(first channels of `x` + `change`, -limit, limit), [batch, height, width, changed]; `x` [batch, height, width,
 * channels] has at least as many channels as `change`. No gradient where it was clipped.
 */
export function addClipped(x: tf.Tensor4D, change: tf.Tensor4D, limit: number): tf.Tensor4D {
  const sizes = assertShape(x, ['batch', 'height', 'width', 'channels'], 'addClipped x');
  assertShape(change, ['batch', 'height', 'width', 'changed'], 'addClipped change', sizes);
  const [channels, changed] = [x.shape[3], change.shape[3]];
  invariant(changed <= channels, () => `addClipped: ${changed} channels are added to ${channels}.`);
  if (!canRunPrograms()) {
    const colours = tf.slice(x, [0, 0, 0, 0], change.shape);
    return tf.clipByValue(tf.add(colours, change), -limit, limit);
  }
  return withGradient(
    [x, change],
    () => {
      const y = forward(x, change, limit);
      return { value: y, kept: { y } };
    },
    (dy, { y }) => backward(y, dy, channels, limit),
  );
}

const UNIFORMS = { size: 'i32', channels: 'i32', changed: 'i32', limit: 'f32' } as const;

// Per element of y.
const sum = defineKernel({
  name: 'addClipped',
  uniforms: UNIFORMS,
  inputs: { x: 'f32', change: 'f32' },
  outputs: { result: 'f32' },
  wgsl: () =>
    perElement(
      'u.size',
      `let at = (index / u.changed) * u.channels + index % u.changed;
  result[index] = clamp(x[at] + change[index], -u.limit, u.limit);`,
    ),
});

// Per element of x. What is no limit was not clipped.
const gradient = defineKernel({
  name: 'addClippedGradient',
  uniforms: UNIFORMS,
  inputs: { y: 'f32', dy: 'f32' },
  outputs: { dx: 'f32', dChange: 'f32' },
  wgsl: () =>
    perElement(
      'u.size',
      `let channel = index % u.channels;
  var value = 0.0;
  if (channel < u.changed) {
    let at = (index / u.channels) * u.changed + channel;
    value = select(0.0, dy[at], abs(y[at]) < u.limit);
    dChange[at] = value;
  }
  dx[index] = value;`,
    ),
});

function forward(x: tf.Tensor4D, change: tf.Tensor4D, limit: number): tf.Tensor4D {
  const { shape, size } = change;
  const { result } = sum.run({
    inputs: { x, change },
    outputs: { result: shape },
    threads: size,
    uniforms: { size, channels: x.shape[3], changed: shape[3], limit },
  });
  return result;
}

function backward(y: tf.Tensor4D, dy: tf.Tensor, channels: number, limit: number): tf.Tensor[] {
  const [batch, height, width, changed] = y.shape;
  const size = batch * height * width * channels;
  const { dx, dChange } = gradient.run({
    inputs: { y, dy },
    outputs: { dx: [batch, height, width, channels], dChange: y.shape },
    threads: size,
    uniforms: { size, channels, changed, limit },
  });
  return [dx, dChange];
}
