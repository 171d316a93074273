// The only places where the engine waits for the GPU. Always asynchronous: synchronous reads need a canvas and do
// not exist in Node. Everything that is read together comes back in one copy.
import { invariant } from '../../domain/errors.ts';
import { joinBatches } from '../ops/batches/joinBatches.ts';
import * as tf from '../tf.ts';

/** Reads all scalars of a record with one copy. The scalars stay alive. */
export async function readScalars<K extends string>(
  scalars: Readonly<Record<K, tf.Scalar>>,
): Promise<Record<K, number>> {
  const entries = Object.entries<tf.Scalar>(scalars);
  for (const [name, x] of entries) invariant(x.size === 1, () => `readScalars: ${name} has shape [${x.shape}].`);
  const values = await readAll(entries.map(([, x]) => x));
  return Object.fromEntries(entries.map(([name], i) => [name, values[i]?.[0] ?? Number.NaN])) as Record<K, number>;
}

/** The values of a tensor, row-major. The tensor stays alive. */
export async function readValues(x: tf.Tensor): Promise<Float32Array | Int32Array | Uint8Array> {
  return x.data<'float32' | 'int32' | 'bool'>();
}

/** The values of several float tensors, with one copy. The tensors stay alive. */
export async function readAll(tensors: readonly tf.Tensor[]): Promise<Float32Array[]> {
  const filled = tensors.filter((x) => x.size > 0);
  if (filled.length === 0) return tensors.map(() => new Float32Array(0));
  const joined = tf.tidy(() => joinBatches(filled.map((x) => tf.reshape(tf.cast(x, 'float32'), [x.size]))));
  const values = Float32Array.from(await readValues(joined));
  joined.dispose();
  let offset = 0;
  return tensors.map((x) => {
    offset += x.size;
    return values.slice(offset - x.size, offset);
  });
}

/** The values of a tensor of whole numbers in 0..255, as bytes. The tensor stays alive. */
export async function readBytes(x: tf.Tensor): Promise<Uint8Array> {
  return Uint8Array.from(await readValues(x));
}
