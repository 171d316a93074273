// What stages leave behind in the run store, and under which names: the networks of a trained stage, and the pictures of a
// stage that computes some, several to a record.
import { StudioError } from '../../domain/errors.ts';
import type { NetworkRef, StageId } from '../../domain/recipe.ts';
import type { RunId } from '../../domain/run.ts';
import type { RunStore } from '../ports.ts';

/** Parts of about this size: large enough to write few of them, small enough to read one for a single image. */
const PART_BYTES = 1_000_000;

/** One run's outputs. */
export class StageOutputs {
  /** About so many bytes of pictures make a part. */
  readonly partBytes: number;
  private readonly store: RunStore;
  private readonly runId: RunId;

  constructor(store: RunStore, runId: RunId, partBytes = PART_BYTES) {
    this.partBytes = partBytes;
    this.store = store;
    this.runId = runId;
  }

  /** Safetensors. */
  saveNetwork({ stage, role }: NetworkRef, file: Uint8Array): Promise<void> {
    return this.store.saveOutput(this.runId, networkName(stage, role), file);
  }

  /** Throws `data.not-found`. */
  loadNetwork({ stage, role }: NetworkRef): Promise<Uint8Array> {
    return this.load(networkName(stage, role));
  }

  /** The file that `RunConfig.initialWeights` names. Throws `data.not-found`. */
  loadInitialWeights(name: string): Promise<Uint8Array> {
    return this.load(name);
  }

  /** Record `index` of the stage's pictures. */
  savePart(stage: StageId, index: number, bytes: Uint8Array): Promise<void> {
    return this.store.saveOutput(this.runId, partName(stage, index), bytes);
  }

  /** Throws `data.not-found`. */
  loadPart(stage: StageId, index: number): Promise<Uint8Array> {
    return this.load(partName(stage, index));
  }

  /** What is to know about the rest, as text: which network is the product, how many pictures there are. */
  saveManifest(stage: StageId, text: string): Promise<void> {
    return this.store.saveOutput(this.runId, manifestName(stage), new TextEncoder().encode(text));
  }

  /** Throws `data.not-found`. */
  async loadManifest(stage: StageId): Promise<string> {
    return new TextDecoder().decode(await this.load(manifestName(stage)));
  }

  private async load(name: string): Promise<Uint8Array> {
    const bytes = await this.store.loadOutput(this.runId, name);
    if (bytes !== null) return bytes;
    throw new StudioError(
      'data.not-found',
      `The run has no "${name}", which a later stage needs.`,
      'Start the recipe again; its stored results were removed.',
      { output: name },
    );
  }
}

const networkName = (stage: StageId, role: string): string => `${stage}.${role}.safetensors`;
const manifestName = (stage: StageId): string => `${stage}.note`;
const partName = (stage: StageId, index: number): string => `${stage}.${String(index).padStart(6, '0')}.tiles`;
