// The noise on WebGPU, in one dispatch: the same words as in hashNoise.ts, in integers.
import { type Bindings, defineKernel } from '../../gpu/kernel.ts';
import { perElement, vectorType, vectorWidth } from '../../gpu/wgsl.ts';
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

const NOISE = `
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

const noisy = <Inputs extends Bindings>(name: string, inputs: (spec: Spec) => Inputs, value: string) =>
  defineKernel({
    name,
    uniforms: UNIFORMS,
    inputs,
    outputs: ({ width }) => ({ result: vectorType(width) }),
    wgsl: ({ width }: Spec) => `${NOISE}
${perElement('u.size', `${sumsFrom(width)}\n  result[index] = ${value};`)}`,
  });

const plain = noisy('hashNoise', () => ({ keys: 'f32' }), 'u.scale * sum');
const added = noisy(
  'addNoise',
  ({ width }) => ({ keys: 'f32', x: vectorType(width), deviation: 'f32' }),
  'x[index] + deviation[0] * (u.scale * sum)',
);

/** Pixels of `channels` numbers get `noises` more, whose places are counted as in an image of noise alone. */
const joined = defineKernel({
  name: 'joinNoise',
  uniforms: { ...UNIFORMS, channels: 'i32', noises: 'i32' },
  inputs: { keys: 'f32', x: 'f32' },
  outputs: { result: 'f32' },
  wgsl: () => `${NOISE}
${perElement(
  'u.size',
  `let at = index * (u.channels + u.noises);
  for (var c = 0; c < u.channels; c++) { result[at + c] = x[index * u.channels + c]; }
  let key = u32(keys[index / u.perImage]);
  let place = (index % u.perImage) * u.noises;
  for (var c = 0; c < u.noises; c++) { result[at + u.channels + c] = u.scale * centredSum(u32(place + c), key); }`,
)}`,
});

export function hashNoiseKernel(
  keys: tf.Tensor1D,
  [height, width, channels]: readonly [number, number, number],
  scale: number,
): tf.Tensor4D {
  const { outputs, ...call } = callOf([keys.shape[0], height, width, channels], scale);
  return plain.run({ ...call, inputs: { keys }, outputs }).result;
}

export function addNoiseKernel(x: tf.Tensor4D, keys: tf.Tensor1D, deviation: tf.Scalar): tf.Tensor4D {
  const { outputs, ...call } = callOf(x.shape, UNIT);
  return added.run({ ...call, inputs: { keys, x, deviation }, outputs }).result;
}

function callOf(result: readonly [number, number, number, number], scale: number) {
  const [batch, height, columns, channels] = result;
  const perImage = height * columns * channels;
  const width = vectorWidth(perImage);
  const size = (batch * perImage) / width;
  return { spec: { width }, outputs: { result }, threads: size, uniforms: { size, perImage, scale } };
}

export function joinNoiseKernel(x: tf.Tensor4D, keys: tf.Tensor1D, noises: number, scale: number): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const perImage = height * width;
  const size = batch * perImage;
  const { result } = joined.run({
    inputs: { keys, x },
    outputs: { result: [batch, height, width, channels + noises] },
    threads: size,
    uniforms: { size, perImage, scale, channels, noises },
  });
  return result;
}
