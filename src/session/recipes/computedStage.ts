// A stage that makes pictures out of training images, part by part: what translating and pseudo-labelling have in common.
// Parts are stored as they are made and hold as many images each, so that any image is found again; a manifest tells how many.
import { StudioError } from '../../domain/errors.ts';
import type { Stage, StageId } from '../../domain/recipe.ts';
import { readSafetensors, writeSafetensors } from '../../engine/weightFiles/safetensors.ts';
import type { OpenStage, StageEvent, StageStart } from './stage.ts';
import type { StageOutputs } from './stageOutputs.ts';

/** Parts kept in memory by whoever reads them. */
const CACHE_BYTES = 64_000_000;

export interface PictureWork {
  /** Images to go through. */
  readonly total: number;
  /** What one of them becomes. */
  readonly bytesPerImage: number;
  /** The bytes of these images, in order. */
  compute(indices: readonly number[]): Promise<Uint8Array>;
  /** What has to survive beside the parts, as text; goes into checkpoints. */
  memory?(): string;
  /** The memory of the checkpoint that the stage goes on from. */
  recall?(memory: string): void;
  /** Called when every image is through. Throws what forbids to go on. */
  check?(): Promise<void>;
  dispose(): void;
}

interface Manifest {
  readonly images: number;
  readonly imagesPerPart: number;
  readonly memory: string;
}

export function openComputedStage(
  stage: Stage,
  start: StageStart,
  work: PictureWork,
  outputs: StageOutputs,
): OpenStage {
  const imagesPerPart = Math.max(1, Math.floor(outputs.partBytes / work.bytesPerImage));
  const stored = storedProgress(start, work.total, imagesPerPart);
  let done = stored?.done ?? 0;
  if (stored !== null) work.recall?.(stored.memory);
  async function* events(): AsyncGenerator<StageEvent, void, void> {
    while (done < work.total) {
      const count = Math.min(imagesPerPart, work.total - done);
      const bytes = await work.compute(Array.from({ length: count }, (_, i) => done + i));
      await outputs.savePart(stage.id, done / imagesPerPart, bytes);
      done += count;
      yield { kind: 'computed', done };
    }
  }
  return {
    stage,
    total: work.total,
    get done() {
      return done;
    },
    trainer: null,
    events: events(),
    checkpoint: async () =>
      writeSafetensors([], { memory: work.memory?.() ?? '', imagesPerPart: String(imagesPerPart) }),
    leaveOutputs: async () => {
      await work.check?.();
      const manifest: Manifest = { images: work.total, imagesPerPart, memory: work.memory?.() ?? '' };
      await outputs.saveManifest(stage.id, JSON.stringify(manifest));
    },
    dispose: () => work.dispose(),
  };
}

/** What a checkpoint says about the parts that are there; null where they are none or of no use, and all begins anew. */
function storedProgress(
  { checkpoint, done }: StageStart,
  total: number,
  imagesPerPart: number,
): { done: number; memory: string } | null {
  if (checkpoint === null || done === 0) return null;
  const { memory = '', imagesPerPart: storedSize = imagesPerPart } = readSafetensors(checkpoint).metadata;
  // Whoever reads parts counts on one size. And where images were added since, the last part may lack some.
  const isWhole = done >= total || done % imagesPerPart === 0;
  return isWhole && Number(storedSize) === imagesPerPart ? { done: Math.min(done, total), memory } : null;
}

/** The pictures that a finished stage left behind. */
export class ComputedPictures {
  /** Training images that have one. */
  readonly images: number;
  readonly memory: string;
  private readonly imagesPerPart: number;
  private readonly stage: StageId;
  private readonly outputs: StageOutputs;
  private readonly parts = new Map<number, Promise<Uint8Array>>();
  private bytes = 0;

  private constructor(stage: StageId, outputs: StageOutputs, { images, imagesPerPart, memory }: Manifest) {
    this.stage = stage;
    this.outputs = outputs;
    this.images = images;
    this.imagesPerPart = imagesPerPart;
    this.memory = memory;
  }

  /** Throws `data.not-found` before the stage is done. */
  static async of(stage: StageId, outputs: StageOutputs): Promise<ComputedPictures> {
    return new ComputedPictures(stage, outputs, JSON.parse(await outputs.loadManifest(stage)));
  }

  /** What became of training image `index`. Throws `data.not-found`. */
  async read(index: number): Promise<Uint8Array> {
    if (!(index >= 0 && index < this.images)) {
      throw new StudioError(
        'data.not-found',
        `The stage "${this.stage}" made ${this.images} pictures; there is no picture ${index}.`,
        'Start the recipe again: the dataset has changed since.',
        { stage: this.stage, index },
      );
    }
    const at = index % this.imagesPerPart;
    const part = await this.part((index - at) / this.imagesPerPart);
    const count = Math.min(this.imagesPerPart, this.images - (index - at));
    const size = part.byteLength / count;
    return part.subarray(at * size, (at + 1) * size);
  }

  /** Least recently used parts leave first. */
  private async part(index: number): Promise<Uint8Array> {
    const kept = this.parts.get(index);
    const loading = kept ?? this.outputs.loadPart(this.stage, index);
    this.parts.delete(index);
    this.parts.set(index, loading);
    try {
      const part = await loading;
      if (kept === undefined) this.bytes += part.byteLength;
      for (const [oldest, leaving] of this.parts) {
        if (this.bytes <= CACHE_BYTES || oldest === index) break;
        this.parts.delete(oldest);
        this.bytes -= (await leaving).byteLength;
      }
      return part;
    } catch (error) {
      this.parts.delete(index);
      throw error;
    }
  }
}
