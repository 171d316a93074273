// Probability maps and their gradient on WebGPU. Forward, a thread takes a square of the map and keeps its classes' sums in
// registers; back, it takes a pixel and recomputes its probabilities instead of reading them.
import { declareUniforms, type ProgramFamily } from '../../gpu/program.ts';
import { runTensor } from '../../gpu/runTensors.ts';
import { type Buffers, declareBuffers, perElement, uniformBinding, workgroupsFor } from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';

const UNIFORMS = {
  count: 'i32',
  height: 'i32',
  width: 'i32',
  rows: 'i32',
  columns: 'i32',
  pool: 'i32',
} as const;
interface Spec extends Readonly<Record<string, number | boolean | string>> {
  /** In the text, not in a uniform: registers are indexed by it. */
  readonly classes: number;
  readonly isGradient: boolean;
}

const pixel = (classes: number): string => `
fn probabilitiesAt(first: i32) -> array<f32, ${classes}> {
  let perTemperature = 1.0 / temperature[0];
  var highest = logits[first];
  for (var c = 1; c < ${classes}; c++) { highest = max(highest, logits[first + c]); }
  var p: array<f32, ${classes}>;
  var sum = 0.0;
  for (var c = 0; c < ${classes}; c++) {
    p[c] = exp((logits[first + c] - highest) * perTemperature);
    sum += p[c];
  }
  for (var c = 0; c < ${classes}; c++) { p[c] /= sum; }
  return p;
}`;

const pooled = (classes: number): string => `
  let column = index % u.columns;
  let row = (index / u.columns) % u.rows;
  let image = index / (u.columns * u.rows);
  var sums: array<f32, ${classes}>;
  for (var i = 0; i < u.pool; i++) {
    for (var j = 0; j < u.pool; j++) {
      let y = row * u.pool + i;
      let x = column * u.pool + j;
      let p = probabilitiesAt(((image * u.height + y) * u.width + x) * ${classes});
      for (var c = 0; c < ${classes}; c++) { sums[c] += p[c]; }
    }
  }
  let area = f32(u.pool * u.pool);
  for (var c = 0; c < ${classes}; c++) { result[index * ${classes} + c] = sums[c] / area; }`;

// dz = p * (g - sum of p * g) / (T * area), g the gradient of the square that the pixel lies in.
const gradient = (classes: number): string => `
  let column = (index % u.width) / u.pool;
  let row = ((index / u.width) % u.height) / u.pool;
  let image = index / (u.width * u.height);
  if (row >= u.rows || column >= u.columns) {
    for (var c = 0; c < ${classes}; c++) { result[index * ${classes} + c] = 0.0; }
    return;
  }
  let square = ((image * u.rows + row) * u.columns + column) * ${classes};
  let p = probabilitiesAt(index * ${classes});
  var mean = 0.0;
  for (var c = 0; c < ${classes}; c++) { mean += p[c] * dy[square + c]; }
  let scale = 1.0 / (temperature[0] * f32(u.pool * u.pool));
  for (var c = 0; c < ${classes}; c++) { result[index * ${classes} + c] = scale * p[c] * (dy[square + c] - mean); }`;

const family: ProgramFamily<Spec, keyof typeof UNIFORMS> = {
  name: 'probabilityMap',
  uniforms: UNIFORMS,
  wgsl: ({ classes, isGradient }) => {
    const buffers: Buffers = {
      reads: { logits: 'f32', temperature: 'f32', ...(isGradient ? { dy: 'f32' as const } : {}) },
      writes: { result: 'f32' },
    };
    return `
${declareBuffers(buffers)}
${declareUniforms(UNIFORMS, uniformBinding(buffers))}
${pixel(classes)}
${perElement('u.count', isGradient ? gradient(classes) : pooled(classes))}`;
  },
};

/** The map (`dy` null), or its gradient to the logits: one dispatch. */
export function probabilityProgram(
  logits: tf.Tensor4D,
  { temperature, pool }: { readonly temperature: tf.Scalar; readonly pool: number },
  dy: tf.Tensor | null,
): tf.Tensor4D {
  const [batch, height, width, classes] = logits.shape;
  const [rows, columns] = [Math.floor(height / pool), Math.floor(width / pool)];
  const isGradient = dy !== null;
  const count = batch * (isGradient ? height * width : rows * columns);
  return runTensor({
    family,
    spec: { classes, isGradient },
    inputs: dy === null ? [logits, temperature] : [logits, temperature, dy],
    outputs: [{ shape: isGradient ? logits.shape : [batch, rows, columns, classes] }],
    dispatches: [{ workgroups: workgroupsFor(count), uniforms: { count, height, width, rows, columns, pool } }],
  }) as tf.Tensor4D;
}
