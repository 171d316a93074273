// Runs WGSL programs of our own on TensorFlow.js's tensors. Work goes into the backend's own command encoder, buffers come
// from its pool, so order and lifetimes are those of its own operations, and a trace (trace.ts) sees both alike. Nothing is
// read back. What the programs compute is in engine/ops.
import { invariant } from '../../domain/errors.ts';
import * as tf from '../tf.ts';
import { isSoftwareAdapter } from './adapter.ts';
import { type BackendInside, backendInside, bufferOf, flush, UNIFORM_USAGE } from './backendInside.ts';

/** Type of a uniform: all sizes and offsets are `i32`. Numbers that change from step to step belong in a tensor. */
export type UniformType = 'i32' | 'f32';
export type UniformTypes<Names extends string = string> = Readonly<Record<Names, UniformType>>;

/**
 * A family of WGSL programs. `wgsl` is a pure function of `spec`, so that the name and the spec are a complete cache key.
 * Binding order in group 0: inputs, outputs, then `uniforms`. Entry point `main`. `defineKernel` (kernel.ts) makes one.
 */
export interface ProgramFamily<Spec extends ProgramSpec, Names extends string = string> {
  readonly name: string;
  readonly uniforms: UniformTypes<Names>;
  readonly wgsl: (spec: Spec) => string;
}
export type ProgramSpec = Readonly<Record<string, number | boolean | string>>;

export interface OutputSpec {
  readonly shape: readonly number[];
  readonly dtype?: 'float32' | 'int32';
}

export interface Dispatch<Names extends string = string> {
  readonly workgroups: readonly [x: number, y: number, z: number];
  readonly uniforms: Readonly<Record<Names, number>>;
}

export interface ProgramRun<Spec extends ProgramSpec, Names extends string> {
  readonly family: ProgramFamily<Spec, Names>;
  readonly spec: Spec;
  readonly inputs: readonly tf.TensorInfo[];
  readonly outputs: readonly OutputSpec[];
  /** Inputs that the program writes in place. */
  readonly updates?: readonly tf.TensorInfo[];
  /** One after the other, over the same tensors: work too long for one dispatch comes in several. */
  readonly dispatches: readonly Dispatch<Names>[];
}

/** True where programs can run: the current backend is WebGPU. */
export function canRunPrograms(): boolean {
  return tf.getBackend() === 'webgpu';
}

/** Whether the open WebGPU device computes on the CPU. */
export function isSoftwareDevice(): boolean {
  return cacheOf(backendInside().device).software;
}

/** Lanes that every subgroup has at least; null where programs cannot use subgroups. */
export function subgroupLanes(): number | null {
  return cacheOf(backendInside().device).lanes;
}

/** Whether programs of the open device may compute with f16. */
export function hasHalfFloats(): boolean {
  return backendInside().device.features.has('shader-f16');
}

/** How many storage buffers one program may bind: at least 8. */
export function maxStorageBuffers(): number {
  return backendInside().device.limits.maxStorageBuffersPerShaderStage;
}

/**
 * Enqueues the program and returns its outputs, in order. The caller owns them: as results of a kernel, or, if they are
 * intermediate, to give back with `disposeIntermediate`.
 */
export function runProgram<Spec extends ProgramSpec, Names extends string>(
  run: ProgramRun<Spec, Names>,
): tf.TensorInfo[] {
  const backend = backendInside();
  const cache = cacheOf(backend.device);
  const { pipeline, layout } = pipelineOf(cache, backend.device, run.family, run.spec);
  for (const input of run.inputs) backend.uploadToGPU(input.dataId);
  const outputs = run.outputs.map(({ shape, dtype = 'float32' }) => {
    const output = backend.makeTensorInfo([...shape], dtype);
    backend.uploadToGPU(output.dataId);
    return output;
  });
  const tensors = [...run.inputs, ...outputs];
  const buffers = tensors.map(({ dataId }) => bufferOf(backend, dataId));
  // A buffer that is disposed of while its dispatch waits in the encoder returns to the pool after the submission only.
  for (const { dataId } of tensors) backend.commandQueueOwnedIds.add(dataId);

  for (const { workgroups, uniforms } of run.dispatches) {
    const bound = [...buffers, uniformBuffer(cache, backend.device, run.family.uniforms, uniforms)];
    const bindGroup = backend.device.createBindGroup({
      layout,
      entries: bound.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    const pass = openPass(backend);
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(...workgroups);
    backend.dispatchCountInPass += 1;
    if (backend.dispatchCountInPass >= tf.env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE')) flush(backend);
  }
  // What an earlier read-back has left on the host is stale now.
  for (const { dataId } of run.updates ?? []) backend.tensorMap.get(dataId).values = null;
  return outputs;
}

/**
 * False for a float32 tensor whose buffer still holds whole numbers: TensorFlow.js casts int32 and bool to float32 by
 * relabelling, and lets its own kernels convert.
 */
export function holdsFloats(x: tf.TensorInfo): boolean {
  return backendInside().tensorMap.get(x.dataId).dtype === 'float32';
}

/** Gives back an output of `runProgram` that is no result; its buffer is free once the queue has been submitted. */
export function disposeIntermediate(tensor: tf.TensorInfo): void {
  backendInside().disposeData(tensor.dataId);
}

/** Our own programs that the open device has compiled, and what they were compiled from. */
export function compiledTexts(): { readonly name: string; readonly wgsl: string }[] {
  return [...cacheOf(backendInside().device).pipelines].map(([name, { text }]) => ({ name, wgsl: text() }));
}

function openPass(backend: BackendInside): GPUComputePassEncoder {
  backend.ensureCommandEncoderReady();
  const { commandEncoder } = backend;
  invariant(commandEncoder, () => 'The backend made no command encoder.');
  backend.computePassEncoder ??= commandEncoder.beginComputePass();
  return backend.computePassEncoder;
}

// --- caches, one per device ---------------------------------------------------------------------------------------

interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  /** Its WGSL, written anew: nobody keeps it but who asks. */
  readonly text: () => string;
}
interface DeviceCache {
  readonly software: boolean;
  readonly lanes: number | null;
  readonly pipelines: Map<string, Pipeline>;
  /** By content. Never written again and never freed before the device, so a recorded dispatch may keep them. */
  readonly uniforms: Map<string, GPUBuffer>;
}

const caches = new WeakMap<GPUDevice, DeviceCache>();

function cacheOf(device: GPUDevice): DeviceCache {
  let cache = caches.get(device);
  if (cache === undefined) {
    // `adapterInfo` is younger than the rest of the API; an unknown adapter counts as hardware.
    const software = 'adapterInfo' in device && isSoftwareAdapter(device.adapterInfo);
    cache = { software, lanes: lanesOf(device), pipelines: new Map(), uniforms: new Map() };
    caches.set(device, cache);
  }
  return cache;
}

function lanesOf({ features, adapterInfo }: GPUDevice): number | null {
  const lanes = features.has('subgroups') ? adapterInfo?.subgroupMinSize : undefined;
  return lanes !== undefined && lanes > 0 ? lanes : null;
}

function pipelineOf<Spec extends ProgramSpec, Names extends string>(
  { pipelines }: DeviceCache,
  device: GPUDevice,
  { name, wgsl }: ProgramFamily<Spec, Names>,
  spec: Spec,
): Pipeline {
  const key = `${name} ${JSON.stringify(spec)}`;
  let found = pipelines.get(key);
  if (found === undefined) {
    const module = device.createShaderModule({ label: key, code: wgsl(spec) });
    const pipeline = device.createComputePipeline({
      label: key,
      layout: 'auto',
      compute: { module, entryPoint: 'main' },
    });
    found = { pipeline, layout: pipeline.getBindGroupLayout(0), text: () => wgsl(spec) };
    pipelines.set(key, found);
  }
  return found;
}

function uniformBuffer<Names extends string>(
  { uniforms }: DeviceCache,
  device: GPUDevice,
  types: UniformTypes<Names>,
  values: Readonly<Record<Names, number>>,
): GPUBuffer {
  const names = Object.keys(types) as Names[];
  const key = names.map((name) => `${types[name] === 'f32' ? 'f' : ''}${values[name]}`).join(' ');
  let buffer = uniforms.get(key);
  if (buffer === undefined) {
    const bytes = new DataView(new ArrayBuffer(4 * names.length));
    names.forEach((name, i) => {
      if (types[name] === 'f32') bytes.setFloat32(4 * i, values[name], true);
      else bytes.setInt32(4 * i, values[name], true);
    });
    buffer = device.createBuffer({ size: bytes.byteLength, usage: UNIFORM_USAGE });
    device.queue.writeBuffer(buffer, 0, bytes.buffer);
    uniforms.set(key, buffer);
  }
  return buffer;
}
