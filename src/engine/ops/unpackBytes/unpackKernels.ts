// Four packed bytes a thread, to normalised floats or to int32.
import { defineKernel, type Shape, type TensorOf } from '../../gpu/kernel.ts';
import { perElement } from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';

export type Unpacked = 'images' | 'labels';

const kernel = defineKernel({
  name: 'unpackBytes',
  // The divisor is no constant of the text: a compiler may turn a division by a constant into a product, which rounds otherwise.
  uniforms: { words: 'i32', size: 'i32', half: 'f32' },
  inputs: { packed: 'i32' },
  outputs: ({ to }) => ({ values: to === 'images' ? 'f32' : 'i32' }),
  wgsl: ({ to }: { readonly to: Unpacked }) =>
    perElement(
      'u.words',
      `var word = bitcast<u32>(packed[index]);
  let end = min(4 * index + 4, u.size);
  for (var at = 4 * index; at < end; at++) {
    values[at] = ${to === 'images' ? 'f32(word & 255u) / u.half - 1.0' : 'i32(word & 255u)'};
    word >>= 8u;
  }`,
    ),
});

/** The first bytes of `packed` in `shape`; x / 127.5 - 1 of them for images. */
export function unpack<const S extends Shape>(packed: tf.Tensor1D, shape: S, to: Unpacked): TensorOf<S> {
  const size = shape.reduce((product, side) => product * side, 1);
  const words = Math.ceil(size / 4);
  const { values } = kernel.run({
    spec: { to },
    inputs: { packed },
    outputs: { values: shape },
    threads: words,
    uniforms: { words, size, half: 127.5 },
  });
  return values;
}
