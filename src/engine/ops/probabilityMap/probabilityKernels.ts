// Probability maps and their gradient on WebGPU. Forward, a thread takes a square of the map and keeps its classes' sums in
// registers; back, it takes a column of a square, reads its gradient once, and recomputes probabilities instead of reading them.
import { defineKernel, when } from '../../gpu/kernel.ts';
import { perElement } from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';
import { type ClassSpec, classSpec, everyClass, exponentials, perClass } from '../core/softmax.wgsl.ts';

interface Spec extends ClassSpec {
  readonly isGradient: boolean;
}

const probabilities = (spec: ClassSpec): string => `let perTemperature = 1.0 / temperature[0];
  ${exponentials(spec, 'perTemperature')}
  let share = 1.0 / sum;`;

const pooled = (spec: Spec): string => `
  let column = index % u.columns;
  let row = (index / u.columns) % u.rows;
  let image = index / (u.columns * u.rows);
  var sums: array<f32, ${spec.classes}>;
  for (var i = 0; i < u.pool; i++) {
    let line = ((image * u.height + row * u.pool + i) * u.width + column * u.pool) * ${spec.classes};
    for (var j = 0; j < u.pool; j++) {
      let first = line + j * ${spec.classes};
      ${probabilities(spec)}
      ${perClass(spec, (c) => `sums[${c}] += share * e${c};`)}
    }
  }
  let perArea = 1.0 / f32(u.pool * u.pool);
  ${everyClass(spec, (c) => `result[index * ${spec.classes} + ${c}] = sums[${c}] * perArea;`)}`;

// dz = p * (g - sum of p * g) / (T * area), g the gradient of the square that the pixel lies in.
const gradient = (spec: Spec): string => `
  let bands = (u.height + u.pool - 1) / u.pool;
  let x = index % u.width;
  let row = (index / u.width) % bands;
  let image = index / (u.width * bands);
  let column = x / u.pool;
  let isPooled = row < u.rows && column < u.columns;
  let square = select(0, ((image * u.rows + row) * u.columns + column) * ${spec.classes}, isPooled);
  let scale = select(0.0, 1.0 / (temperature[0] * f32(u.pool * u.pool)), isPooled);
  var g: array<f32, ${spec.classes}>;
  ${everyClass(spec, (c) => `g[${c}] = dy[square + ${c}];`)}
  for (var y = row * u.pool; y < min((row + 1) * u.pool, u.height); y++) {
    let first = ((image * u.height + y) * u.width + x) * ${spec.classes};
    ${probabilities(spec)}
    let mean = share * (${perClass(spec, (c) => `e${c} * g[${c}]`, ' + ')});
    let scaled = scale * share;
    var dz: array<f32, ${spec.classes}>;
    ${perClass(spec, (c) => `dz[${c}] = scaled * e${c} * (g[${c}] - mean);`)}
    ${everyClass(spec, (c) => `result[first + ${c}] = dz[${c}];`)}
  }`;

export const probabilityKernel = defineKernel({
  name: 'probabilityMap',
  uniforms: { count: 'i32', height: 'i32', width: 'i32', rows: 'i32', columns: 'i32', pool: 'i32', classes: 'i32' },
  inputs: ({ isGradient }) => ({ logits: 'f32', temperature: 'f32', ...when(isGradient, { dy: 'f32' }) }),
  outputs: { result: 'f32' },
  wgsl: (spec: Spec) => perElement('u.count', spec.isGradient ? gradient(spec) : pooled(spec)),
});

/** The map (`dy` null), or its gradient to the logits: one dispatch. */
export function probabilityProgram(
  logits: tf.Tensor4D,
  { temperature, pool }: { readonly temperature: tf.Scalar; readonly pool: number },
  dy: tf.Tensor | null,
): tf.Tensor4D {
  const [batch, height, width, classes] = logits.shape;
  const [rows, columns] = [Math.floor(height / pool), Math.floor(width / pool)];
  const isGradient = dy !== null;
  const count = batch * (isGradient ? Math.ceil(height / pool) * width : rows * columns);
  const { result } = probabilityKernel.run({
    spec: { ...classSpec(classes), isGradient },
    inputs: { logits, temperature, dy },
    outputs: { result: isGradient ? logits.shape : ([batch, rows, columns, classes] as const) },
    threads: count,
    uniforms: { count, height, width, rows, columns, pool, classes },
  });
  return result;
}
