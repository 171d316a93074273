// What a residual generator does last: its change added to the colours that it was given, without what else it was given
// beside them, and clipped. One dispatch either way on WebGPU; TensorFlow.js takes three, and nine for the gradient.
import { invariant } from '../../../domain/errors.ts';
import { canRunPrograms, declareUniforms, type ProgramFamily } from '../../gpu/program.ts';
import { runTensor, runTensors } from '../../gpu/runTensors.ts';
import { type Buffers, declareBuffers, perElement, uniformBinding, workgroupsFor } from '../../gpu/wgsl.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';

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
  const run = tf.customGrad((input, added, save) => {
    const y = forward(input as tf.Tensor4D, added as tf.Tensor4D, limit);
    (save as tf.GradSaveFunc)([y]);
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => backward(saved[0] as tf.Tensor4D, dy, channels, limit),
    };
  });
  return run(x, change) as tf.Tensor4D;
}

const UNIFORMS = { size: 'i32', channels: 'i32', changed: 'i32', limit: 'f32' } as const;
type Family = ProgramFamily<Record<string, never>, keyof typeof UNIFORMS>;

const family = (name: string, buffers: Buffers, body: string): Family => ({
  name,
  uniforms: UNIFORMS,
  wgsl: () => `
${declareBuffers(buffers)}
${declareUniforms(UNIFORMS, uniformBinding(buffers))}
${perElement('u.size', body)}`,
});

// Per element of y.
const sum = family(
  'addClipped',
  { reads: { x: 'f32', change: 'f32' }, writes: { result: 'f32' } },
  `let at = (index / u.changed) * u.channels + index % u.changed;
  result[index] = clamp(x[at] + change[index], -u.limit, u.limit);`,
);

// Per element of x. What is no limit was not clipped.
const gradient = family(
  'addClippedGradient',
  { reads: { y: 'f32', dy: 'f32' }, writes: { dx: 'f32', dChange: 'f32' } },
  `let channel = index % u.channels;
  var value = 0.0;
  if (channel < u.changed) {
    let at = (index / u.channels) * u.changed + channel;
    value = select(0.0, dy[at], abs(y[at]) < u.limit);
    dChange[at] = value;
  }
  dx[index] = value;`,
);

function forward(x: tf.Tensor4D, change: tf.Tensor4D, limit: number): tf.Tensor {
  const { shape, size } = change;
  return runTensor({
    family: sum,
    spec: {},
    inputs: [x, change],
    outputs: [{ shape }],
    dispatches: [
      { workgroups: workgroupsFor(size), uniforms: { size, channels: x.shape[3], changed: shape[3], limit } },
    ],
  });
}

function backward(y: tf.Tensor4D, dy: tf.Tensor, channels: number, limit: number): tf.Tensor[] {
  const [batch, height, width, changed] = y.shape;
  const size = batch * height * width * channels;
  return runTensors({
    family: gradient,
    spec: {},
    inputs: [y, dy],
    outputs: [{ shape: [batch, height, width, channels] }, { shape: y.shape }],
    dispatches: [{ workgroups: workgroupsFor(size), uniforms: { size, channels, changed, limit } }],
  });
}
