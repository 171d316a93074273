// Kernels that were measured to be the fastest on an adapter: plain data that hosts keep. Measured and used in engine/ops/conv2d/choice.

export interface TuningTable {
  readonly format: 1;
  readonly kernelVersion: number;
  /** `describeAdapter`'s text. */
  readonly adapter: string;
  /** Key of a pass to id of its kernel. */
  readonly choices: Readonly<Record<string, string>>;
}
