// What differs from step to step: image and label bytes of each stream, and the planned numbers. On the host they are plain
// arrays; on the GPU either fresh tensors (eager), or the same ones written anew each time (compiled).
import type { HostBatch, Size } from '../../domain/dataset.ts';
import { invariant, StudioError } from '../../domain/errors.ts';
import { overwrite, persistent, uploadBytes } from '../gpu/upload.ts';
import { type Batches, STREAM_NAMES, type StreamName, type Streams } from '../methods/core/defineMethod.ts';
import { type Plan, type PlanTensors, planTensors } from '../methods/core/plan.ts';
import { unpackImages, unpackLabels } from '../ops/unpackBytes/unpackBytes.ts';
import type * as tf from '../tf.ts';

/** What a step is fed with: one host batch per stream that the method declares. */
export type HostBatches = Readonly<Partial<Record<StreamName, HostBatch>>>;

interface StreamInput {
  readonly name: StreamName;
  readonly shape: readonly [batch: number, height: number, width: number];
  readonly images: Uint8Array;
  readonly labels: Uint8Array | null;
}

export interface HostInputs {
  readonly streams: readonly StreamInput[];
  readonly plan: Plan;
}

/** Fails if `host` does not bring what the method's streams ask for. */
export function hostInputs(host: HostBatches, streams: Streams, { width, height }: Size, plan: Plan): HostInputs {
  const inputs = STREAM_NAMES.flatMap((name): StreamInput[] => {
    const count = streams[name];
    if (count === undefined) return [];
    const batch = host[name];
    if (batch?.count !== count || batch.size.width !== width || batch.size.height !== height) {
      const brought =
        batch === undefined ? 'nothing' : `${batch.count} images of ${batch.size.width} x ${batch.size.height}`;
      throw new StudioError(
        'internal.invariant',
        `"${name}" brought ${brought}; expected ${count} of ${width} x ${height}.`,
        'This is a defect of the studio. Please report it.',
      );
    }
    // Labels of the unlabelled stream never reach the GPU, whatever the host sends.
    const labels = name === 'target' ? null : batch.labels;
    return [{ name, shape: [count, height, width], images: batch.images, labels }];
  });
  return { streams: inputs, plan };
}

/** Equal for inputs that the same compiled step takes. */
export function signatureOf({ streams, plan }: HostInputs): string {
  const planned = Object.entries(plan).map(([name, entry]) => [
    name,
    typeof entry === 'object' ? entry.shape : typeof entry,
  ]);
  return JSON.stringify([streams.map(({ name, shape, labels }) => [name, shape, labels !== null]), planned]);
}

export interface InputTensors {
  readonly streams: readonly {
    readonly name: StreamName;
    readonly shape: readonly [batch: number, height: number, width: number];
    readonly images: tf.Tensor1D;
    readonly labels: tf.Tensor1D | null;
  }[];
  readonly planned: PlanTensors<Plan>;
}

/** Fresh tensors. Call inside `tf.tidy`. */
export function uploadInputs({ streams, plan }: HostInputs): InputTensors {
  return {
    streams: streams.map(({ images, labels, ...stream }) => ({
      ...stream,
      images: uploadBytes(images),
      labels: labels === null ? null : uploadBytes(labels),
    })),
    planned: planTensors(plan),
  };
}

/** The same tensors, with buffers that stay; `writeInputs` gives them new values. WebGPU only. */
export function persistentInputs(inputs: HostInputs): InputTensors {
  const { streams, planned } = uploadInputs(inputs);
  for (const { images, labels } of streams) {
    persistent(images);
    if (labels !== null) persistent(labels);
  }
  for (const tensor of Object.values(planned)) persistent(tensor);
  return { streams, planned };
}

/** New values for inputs of the same signature. */
export function writeInputs(tensors: InputTensors, { streams, plan }: HostInputs): void {
  tensors.streams.forEach(({ images, labels }, i) => {
    const from = streams[i];
    invariant(from, () => 'A compiled step was given the inputs of another.');
    overwrite(images, from.images);
    if (labels !== null && from.labels !== null) overwrite(labels, from.labels);
  });
  for (const [name, tensor] of Object.entries(tensors.planned)) {
    const entry = plan[name];
    invariant(entry !== undefined, () => `A compiled step was given no "${name}".`);
    overwrite(tensor, typeof entry === 'number' ? Float32Array.of(entry) : entry.values);
  }
}

export function disposeInputs({ streams, planned }: InputTensors): void {
  for (const { images, labels } of streams) {
    images.dispose();
    labels?.dispose();
  }
  for (const tensor of Object.values(planned)) tensor.dispose();
}

/** What the method sees of them. Call inside `tf.tidy`. */
export function batchesOf({ streams }: InputTensors): Batches {
  return Object.fromEntries(
    streams.map(({ name, shape, images, labels }) => [
      name,
      { images: unpackImages(images, shape), labels: labels === null ? null : unpackLabels(labels, shape) },
    ]),
  );
}
