// What the engine can tell a developer about itself; crosses the bridge for the debug panel.

/** What a training step takes on the GPU, in bytes; planned before it first runs. */
export interface PlannedMemory {
  readonly dispatches: number;
  /** Intermediates, in buffers that they share, and if none shared one. */
  readonly scratchBytes: number;
  readonly unsharedBytes: number;
  readonly constantBytes: number;
  /** Weights, optimiser slots, inputs. */
  readonly externalBytes: number;
  readonly totalBytes: number;
}

export interface DebugInfo {
  /** Of the step that ran last; null without a run, and where steps are not compiled. */
  readonly planned: PlannedMemory | null;
  /** Convolution passes that have been asked for, and the kernel that each runs with. */
  readonly kernels: Readonly<Record<string, string>>;
  /** Our own GPU programs that have been compiled. */
  readonly programs: readonly { readonly name: string; readonly wgsl: string }[];
}
