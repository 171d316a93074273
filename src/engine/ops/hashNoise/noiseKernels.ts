// The noise on WebGPU, in one dispatch: the same words as in hashNoise.ts, in integers.
import { declareUniforms, type ProgramFamily } from '../../gpu/program.ts';
import { runTensor } from '../../gpu/runTensors.ts';
import {
  type Buffers,
  declareBuffers,
  perElement,
  uniformBinding,
  vectorType,
  vectorWidth,
  workgroupsFor,
} from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';
import { HALF, MEAN_OF_SUM, ROUNDS, SUMMED_AFTER, UNIT } from './rounds.ts';

const UNIFORMS = { size: 'i32', perImage: 'i32', scale: 'f32' } as const;

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

type Spec = { readonly width: 1 | 4 };
/** The centred sums of `width` places from number `at` on, all of one image. */
const sumsFrom = (width: 1 | 4): string => {
  const sums = Array.from({ length: width }, (_, i) => `centredSum(place + ${i}u, key)`);
  return `let at = index * ${width};
  let key = u32(keys[at / u.perImage]);
  let place = u32(at % u.perImage);
  let sum = ${vectorType(width)}(${sums.join(', ')});`;
};

const family = (name: string, reads: Buffers['reads'], value: string): ProgramFamily<Spec, keyof typeof UNIFORMS> => ({
  name,
  uniforms: UNIFORMS,
  wgsl: ({ width }) => {
    const type = vectorType(width);
    const buffers: Buffers = {
      reads: { ...reads, ...('x' in reads ? { x: type } : {}) },
      writes: { result: type },
    };
    return `
${declareBuffers(buffers)}
${declareUniforms(UNIFORMS, uniformBinding(buffers))}
${noise}
${perElement('u.size', `${sumsFrom(width)}\n  result[index] = ${value};`)}`;
  },
});

const plain = family('hashNoise', { keys: 'f32' }, 'u.scale * sum');
const added = family(
  'addNoise',
  { keys: 'f32', x: 'f32', deviation: 'f32' },
  'x[index] + deviation[0] * (u.scale * sum)',
);

/** Pixels of `channels` numbers get `noises` more, whose places are counted as in an image of noise alone. */
const JOINED_UNIFORMS = { ...UNIFORMS, channels: 'i32', noises: 'i32' } as const;
const JOINED_BUFFERS: Buffers = { reads: { keys: 'f32', x: 'f32' }, writes: { result: 'f32' } };
const joined: ProgramFamily<Record<string, never>, keyof typeof JOINED_UNIFORMS> = {
  name: 'joinNoise',
  uniforms: JOINED_UNIFORMS,
  wgsl: () => `
${declareBuffers(JOINED_BUFFERS)}
${declareUniforms(JOINED_UNIFORMS, uniformBinding(JOINED_BUFFERS))}
${noise}
${perElement(
  'u.size',
  `let at = index * (u.channels + u.noises);
  for (var c = 0; c < u.channels; c++) { result[at + c] = x[index * u.channels + c]; }
  let key = u32(keys[index / u.perImage]);
  let place = (index % u.perImage) * u.noises;
  for (var c = 0; c < u.noises; c++) { result[at + u.channels + c] = u.scale * centredSum(u32(place + c), key); }`,
)}`,
};

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

export function joinNoiseKernel(x: tf.Tensor4D, keys: tf.Tensor1D, noises: number, scale: number): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const perImage = height * width;
  const size = batch * perImage;
  return runTensor({
    family: joined,
    spec: {},
    inputs: [keys, x],
    outputs: [{ shape: [batch, height, width, channels + noises] }],
    dispatches: [{ workgroups: workgroupsFor(size), uniforms: { size, perImage, scale, channels, noises } }],
  }) as tf.Tensor4D;
}

function run(
  program: ProgramFamily<Spec, keyof typeof UNIFORMS>,
  inputs: readonly tf.Tensor[],
  shape: readonly [number, number, number, number],
  scale: number,
): tf.Tensor4D {
  const [batch, height, columns, channels] = shape;
  const perImage = height * columns * channels;
  const width = vectorWidth(perImage);
  const size = (batch * perImage) / width;
  const dispatches = [{ workgroups: workgroupsFor(size), uniforms: { size, perImage, scale } }];
  return runTensor({ family: program, spec: { width }, inputs, outputs: [{ shape }], dispatches }) as tf.Tensor4D;
}
