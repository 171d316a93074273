// An encoder that encodes nothing: it writes down what the backend would have the GPU do.
import type { TracedBuffer } from './virtualBuffers.ts';

export interface TracedBinding {
  readonly binding: number;
  /** A buffer of the trace's own, or one that existed before: a variable, an input. */
  readonly buffer: TracedBuffer | GPUBuffer;
}

export type TracedCommand =
  | {
      readonly kind: 'dispatch';
      readonly pipeline: GPUComputePipeline;
      readonly bindings: readonly TracedBinding[];
      readonly workgroups: readonly [x: number, y: number, z: number];
    }
  | {
      readonly kind: 'copy';
      readonly from: TracedBuffer | GPUBuffer;
      readonly fromOffset: number;
      readonly to: TracedBuffer | GPUBuffer;
      readonly toOffset: number;
      readonly sizeBytes: number;
    };

type Resolve = (buffer: GPUBuffer) => TracedBuffer | GPUBuffer;

/** Stands in for `createCommandEncoder()`, as far as TensorFlow.js and our programs use an encoder. */
export function commandRecorder(commands: TracedCommand[], resolve: Resolve) {
  return {
    beginComputePass: () => passRecorder(commands, resolve),
    copyBufferToBuffer: (from: GPUBuffer, fromOffset: number, to: GPUBuffer, toOffset: number, sizeBytes: number) => {
      commands.push({ kind: 'copy', from: resolve(from), fromOffset, to: resolve(to), toOffset, sizeBytes });
    },
    finish: () => ({}),
  };
}

function passRecorder(commands: TracedCommand[], resolve: Resolve) {
  let pipeline: GPUComputePipeline;
  let entries: readonly GPUBindGroupEntry[];
  return {
    setPipeline: (next: GPUComputePipeline) => {
      pipeline = next;
    },
    setBindGroup: (_: number, group: unknown) => {
      entries = group as readonly GPUBindGroupEntry[]; // the trace's createBindGroup makes no more of it
    },
    dispatchWorkgroups: (x: number, y = 1, z = 1) => {
      const bindings = entries.map(({ binding, resource }) => ({
        binding,
        buffer: resolve((resource as GPUBufferBinding).buffer),
      }));
      commands.push({ kind: 'dispatch', pipeline, bindings, workgroups: [x, y, z] });
    },
    end: () => undefined,
  };
}
