// The noise on WebGPU, in one dispatch: the same words as in hashNoise.ts, in integers.
import { declareUniforms, type ProgramFamily } from '../../gpu/program.ts';
import { runTensor } from '../../gpu/runTensors.ts';
import { type Buffers, declareBuffers, perElement, uniformBinding, workgroupsFor } from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';
import { HALF, MEAN_OF_SUM, ROUNDS, SUMMED_AFTER, UNIT } from './rounds.ts';

const UNIFORMS = { size: 'i32', perImage: 'i32', scale: 'f32' } as const;
type Family = ProgramFamily<Record<string, never>, keyof typeof UNIFORMS>;

const rounds = ROUNDS.map(({ keyFactor, keyOffset, offset, shift }, round) => {
  const half = round % 2 === 0 ? 'key % HALF' : 'key / HALF';
  return `
  x = (right + (${half}) * ${keyFactor}u + ${keyOffset}u) % HALF;
  x = (left + ((x * x + ${offset}u) >> ${shift}u)) % HALF;
  left = right;
  right = x;${SUMMED_AFTER.includes(round) ? '\n  sum += left + right;' : ''}`;
}).join('');

const noise = `
const HALF = ${HALF}u;
fn centredSum(place: u32, key: u32) -> f32 {
  var left = place / HALF;
  var right = place % HALF;
  var sum = 0u;
  var x: u32;${rounds}
  return f32(sum) - ${MEAN_OF_SUM}.0;
}`;

const family = (name: string, buffers: Buffers, value: string): Family => ({
  name,
  uniforms: UNIFORMS,
  wgsl: () => `
${declareBuffers(buffers)}
${declareUniforms(UNIFORMS, uniformBinding(buffers))}
${noise}
${perElement(
  'u.size',
  `let sum = centredSum(u32(index % u.perImage), u32(keys[index / u.perImage]));
  result[index] = ${value};`,
)}`,
});

const plain = family('hashNoise', { reads: { keys: 'f32' }, writes: { result: 'f32' } }, 'u.scale * sum');
const added = family(
  'addNoise',
  { reads: { keys: 'f32', x: 'f32', deviation: 'f32' }, writes: { result: 'f32' } },
  'x[index] + deviation[0] * (u.scale * sum)',
);

export function hashNoiseKernel(
  keys: tf.Tensor1D,
  [height, width, channels]: readonly [number, number, number],
  scale: number,
): tf.Tensor4D {
  return run(plain, [keys], [keys.shape[0], height, width, channels], scale);
}

export function addNoiseKernel(x: tf.Tensor4D, keys: tf.Tensor1D, deviation: tf.Scalar): tf.Tensor4D {
  return run(added, [keys, x, deviation], x.shape, UNIT);
}

function run(
  program: Family,
  inputs: readonly tf.Tensor[],
  shape: readonly [number, number, number, number],
  scale: number,
): tf.Tensor4D {
  const [batch, height, width, channels] = shape;
  const perImage = height * width * channels;
  const size = batch * perImage;
  const dispatches = [{ workgroups: workgroupsFor(size), uniforms: { size, perImage, scale } }];
  return runTensor({ family: program, spec: {}, inputs, outputs: [{ shape }], dispatches }) as tf.Tensor4D;
}
