// Joining and splitting along the batch axis as kernels of TensorFlow.js's registry, for the WebGPU backend. A batch's images
// lie one after the other, so both are plain copies of buffers; each is the other's gradient.
import { invariant } from '../../../domain/errors.ts';
import { registerGradient, registerKernel } from '../../gpu/registeredKernel.ts';
import { type CopyRun, runCopies } from '../../gpu/runCopies.ts';
import { inMemory } from '../../gpu/tensorMemory.ts';
import * as tf from '../../tf.ts';

const JOIN = 'StudioJoinBatches';
const SPLIT = 'StudioSplitBatch';
const PART = 'StudioBatchPart';

/** One batch of all `parts`, which agree in all but their first axis; differentiable. */
export function joinKernel(parts: readonly tf.Tensor[]): tf.Tensor {
  const inputs = Object.fromEntries(parts.map((part, i) => [nameOf(i), inMemory(part)]));
  return tf.engine().runKernel<tf.Tensor>(JOIN, inputs, { counts: parts.map(batchOf) });
}

/** `x` in parts of `counts` images, which add up to its batch; differentiable. */
export function splitKernel(x: tf.Tensor, counts: readonly number[]): tf.Tensor[] {
  return tf.engine().runKernel<tf.Tensor[]>(SPLIT, { x: inMemory(x) }, { counts: [...counts] });
}

const nameOf = (part: number): string => `part${part}`;
const batchOf = ({ shape }: tf.TensorInfo): number => shape[0] ?? 0;
const imageOf = ({ shape }: tf.TensorInfo): number[] => shape.slice(1);
const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);
const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
const startOf = (counts: readonly number[], part: number): number => sumOf(counts.slice(0, part));

function typeOf({ dtype }: tf.TensorInfo): 'float32' | 'int32' {
  invariant(dtype === 'float32' || dtype === 'int32', () => `Batches of ${dtype} are neither joined nor split.`);
  return dtype;
}

function onlyOne(run: CopyRun): tf.TensorInfo {
  const [output] = runCopies(run);
  invariant(output, () => 'The copies have no output.');
  return output;
}

type Counts = { readonly counts: number[] };
type Whole = { readonly x: tf.TensorInfo };

registerKernel(JOIN, (inputs: Record<string, tf.TensorInfo>, { counts }: Counts) => {
  const parts = counts.flatMap((_, i) => inputs[nameOf(i)] ?? []);
  const [first] = parts;
  invariant(first, () => 'There is no batch to join.');
  const image = sizeOf(imageOf(first));
  return onlyOne({
    inputs: parts,
    outputs: [{ shape: [sumOf(counts), ...imageOf(first)], dtype: typeOf(first) }],
    copies: counts.map((count, i) => ({
      ...{ input: i, inputAt: 0, output: 0, outputAt: startOf(counts, i) * image },
      count: count * image,
    })),
  });
});

registerKernel(SPLIT, ({ x }: Whole, { counts }: Counts) => {
  const image = sizeOf(imageOf(x));
  return runCopies({
    inputs: [x],
    outputs: counts.map((count) => ({ shape: [count, ...imageOf(x)], dtype: typeOf(x) })),
    copies: counts.map((count, i) => ({
      ...{ input: 0, inputAt: startOf(counts, i) * image, output: i, outputAt: 0 },
      count: count * image,
    })),
  });
});

// One part alone: a joined part that needs no gradient costs nothing on the way back.
registerKernel(PART, ({ x }: Whole, { from, count }: { readonly from: number; readonly count: number }) => {
  const image = sizeOf(imageOf(x));
  return onlyOne({
    inputs: [x],
    outputs: [{ shape: [count, ...imageOf(x)], dtype: typeOf(x) }],
    copies: [{ input: 0, inputAt: from * image, output: 0, outputAt: 0, count: count * image }],
  });
});

registerGradient(JOIN, [], (dy: tf.Tensor, _, { counts }: Counts) =>
  Object.fromEntries(
    counts.map((count, i) => {
      const part = { from: startOf(counts, i), count };
      return [nameOf(i), () => tf.engine().runKernel<tf.Tensor>(PART, { x: inMemory(dy) }, part)];
    }),
  ),
);

registerGradient(SPLIT, [], (dys: tf.Tensor[]) => ({ x: () => joinKernel(dys) }));
