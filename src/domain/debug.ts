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

/** What the dispatches of one program took together in a step, by the GPU's own clock. */
export interface DispatchTime {
  readonly name: string;
  readonly dispatches: number;
  readonly ms: number;
}

/** What a developer wants otherwise, for the stage under way. */
export interface DebugWish {
  /** Every operation by itself, as it comes, in place of compiled steps: the same bits, slower. */
  readonly eager?: boolean;
  /** Times the dispatches of the next step, which runs eagerly for it. */
  readonly timeNextStep?: boolean;
}

export interface DebugInfo {
  /** Whether steps run eagerly; null without a training stage, and where nothing is compiled. */
  readonly eager: boolean | null;
  /** Of the step that was timed last, the dearest program first; null before, and where the GPU has no clock. */
  readonly times: readonly DispatchTime[] | null;
  /** Of the step that ran last; null without a run, and where steps are not compiled. */
  readonly planned: PlannedMemory | null;
  /** Convolution passes that have been asked for, and the kernel that each runs with. */
  readonly kernels: Readonly<Record<string, string>>;
  /** Our own GPU programs that have been compiled. */
  readonly programs: readonly { readonly name: string; readonly wgsl: string }[];
}
