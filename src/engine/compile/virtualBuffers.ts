// The buffers of a program that is traced: they exist in name only, and what the host would write into them is kept.
import { invariant } from '../../domain/errors.ts';
import type { BufferManager } from '../gpu/backendInside.ts';

/** A buffer of the traced program; `contents` if the host fills it: a uniform, or a constant. */
export interface TracedBuffer {
  readonly sizeBytes: number;
  readonly usage: number;
  contents: ArrayBuffer | null;
}

export function isTraced(buffer: TracedBuffer | GPUBuffer): buffer is TracedBuffer {
  return 'contents' in buffer;
}

export class VirtualBuffers {
  private readonly traced = new Map<GPUBuffer, TracedBuffer>();
  /** Those that no disposal has given back yet. */
  readonly live = new Set<TracedBuffer>();

  /** Stands in for the backend's own. */
  readonly manager: BufferManager = {
    acquireBuffer: (sizeBytes, usage) => this.create(sizeBytes, usage),
    releaseBuffer: (buffer) => {
      const traced = this.traced.get(buffer);
      invariant(traced, () => 'A GPU program must not dispose of what it was given.');
      this.live.delete(traced);
    },
  };

  /** What the backend holds for a buffer of the trace's own; undefined for one that existed before. */
  find(buffer: GPUBuffer): TracedBuffer | undefined {
    return this.traced.get(buffer);
  }

  resolve(buffer: GPUBuffer): TracedBuffer | GPUBuffer {
    return this.traced.get(buffer) ?? buffer;
  }

  /** Stands in for the queue's `writeBuffer`. */
  fill(buffer: GPUBuffer, offset: number, data: unknown): void {
    const traced = this.traced.get(buffer);
    invariant(
      traced && data instanceof ArrayBuffer && offset === 0,
      () => 'A GPU program must not write to its inputs.',
    );
    invariant(traced.contents === null, () => 'A GPU program filled a buffer twice.');
    traced.contents = data.slice(0, traced.sizeBytes);
  }

  private create(sizeBytes: number, usage: number): GPUBuffer {
    const traced: TracedBuffer = { sizeBytes, usage, contents: null };
    const mapped = (): ArrayBuffer => {
      traced.contents ??= new ArrayBuffer(sizeBytes);
      return traced.contents;
    };
    const buffer = Object.create(gpuBufferPrototype(), {
      size: { value: sizeBytes },
      usage: { value: usage },
      mapState: { value: 'mapped' },
      getMappedRange: { value: mapped },
      unmap: { value: () => undefined },
    }) as GPUBuffer;
    this.traced.set(buffer, traced);
    this.live.add(traced);
    return buffer;
  }
}

/** TensorFlow.js recognises a buffer by its class. */
function gpuBufferPrototype(): object {
  const bufferClass: unknown = Reflect.get(globalThis, 'GPUBuffer');
  invariant(typeof bufferClass === 'function', () => 'This host has no WebGPU.');
  return bufferClass.prototype as object;
}
