// Four packed bytes a thread, to normalised floats or to int32.
import { declareUniforms, type ProgramFamily } from '../../gpu/program.ts';
import { runTensor } from '../../gpu/runTensors.ts';
import { type Buffers, declareBuffers, perElement, uniformBinding, workgroupsFor } from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';

// The divisor is no constant of the text: a compiler may turn a division by a constant into a product, which rounds otherwise.
const UNIFORMS = { words: 'i32', size: 'i32', half: 'f32' } as const;
export type Unpacked = 'images' | 'labels';

const family: ProgramFamily<{ readonly to: Unpacked }, keyof typeof UNIFORMS> = {
  name: 'unpackBytes',
  uniforms: UNIFORMS,
  wgsl: ({ to }) => {
    const isImages = to === 'images';
    const buffers: Buffers = { reads: { packed: 'i32' }, writes: { values: isImages ? 'f32' : 'i32' } };
    return `
${declareBuffers(buffers)}
${declareUniforms(UNIFORMS, uniformBinding(buffers))}
${perElement(
  'u.words',
  `var word = bitcast<u32>(packed[index]);
  let end = min(4 * index + 4, u.size);
  for (var at = 4 * index; at < end; at++) {
    values[at] = ${isImages ? 'f32(word & 255u) / u.half - 1.0' : 'i32(word & 255u)'};
    word >>= 8u;
  }`,
)}`;
  },
};

/** The first bytes of `packed` in `shape`; x / 127.5 - 1 of them for images. */
export function unpack(packed: tf.Tensor1D, shape: readonly number[], to: Unpacked): tf.Tensor {
  const size = shape.reduce((product, side) => product * side, 1);
  const words = Math.ceil(size / 4);
  return runTensor({
    family,
    spec: { to },
    inputs: [packed],
    outputs: [{ shape, dtype: to === 'images' ? 'float32' : 'int32' }],
    dispatches: [{ workgroups: workgroupsFor(words), uniforms: { words, size, half: 127.5 } }],
  });
}
