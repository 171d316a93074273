// One error class for everything that can go wrong where a person should know. Decisions are made on `code`,
// never on text; across threads an error travels as plain data and is revived on the other side.

export const ERROR_CODES = [
  'data.unreadable-file',
  'data.unsupported-format',
  'data.unpaired',
  'data.size-mismatch',
  'data.turned',
  'data.unknown-labels',
  'data.duplicate-name',
  'data.duplicate-files',
  'data.unreadable-folder',
  'data.unused-files',
  'data.paired-across',
  'data.open-question',
  'data.mixed-codings',
  'data.one-class',
  'data.empty-dataset',
  'data.unknown-layout',
  'data.archive-too-large',
  'data.not-found',
  'data.protected',
  'data.in-use',
  'storage.quota',
  'storage.blocked',
  'storage.newer-schema',
  'storage.corrupt',
  'storage.unavailable',
  'storage.evicted',
  'config.invalid',
  'config.class-mismatch',
  'config.unmet-need',
  'gpu.unavailable',
  'gpu.limit-exceeded',
  'gpu.out-of-memory',
  'gpu.device-lost',
  'gpu.invalid-work',
  'gpu.not-back',
  'train.diverged',
  'run.taken',
  'run.gone',
  'run.output-damaged',
  'run.history-damaged',
  'checkpoint.incompatible',
  'checkpoint.corrupt',
  'checkpoint.unsafe',
  'checkpoint.ambiguous',
  'bridge.version-mismatch',
  'bridge.worker-crashed',
  'internal.invariant',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Plain values that explain an error; they fill the placeholders of its translated text. */
export type ErrorContext = Readonly<Record<string, string | number | boolean | null>>;

export interface SerialisedError {
  readonly code: ErrorCode;
  /** What happened, with the values, in English (logs, command line). */
  readonly message: string;
  /** What to do about it. */
  readonly advice: string;
  readonly context: ErrorContext;
  readonly stack?: string;
}

export class StudioError extends Error {
  readonly code: ErrorCode;
  readonly advice: string;
  readonly context: ErrorContext;

  constructor(code: ErrorCode, message: string, advice: string, context: ErrorContext = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StudioError';
    this.code = code;
    this.advice = advice;
    this.context = context;
  }
}

/** Turns anything thrown into plain data. What is not a StudioError becomes `internal.invariant`. */
export function serialiseError(error: unknown): SerialisedError {
  if (error instanceof StudioError) {
    const { code, message, advice, context, cause } = error;
    // Of a defect the stack counts that leads to it, not to whoever named it.
    const stack = code === 'internal.invariant' && cause instanceof Error ? cause.stack : error.stack;
    return { code, message, advice, context, ...(stack === undefined ? {} : { stack }) };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  return {
    code: 'internal.invariant',
    message,
    advice: 'This is a defect of the studio. Please report it with the details.',
    context: {},
    ...(stack === undefined ? {} : { stack }),
  };
}

export function reviveError(data: SerialisedError): StudioError {
  const error = new StudioError(data.code, data.message, data.advice, data.context);
  if (data.stack !== undefined) error.stack = data.stack;
  return error;
}

/** States something that cannot fail unless the studio itself is wrong. Throws `internal.invariant`. */
export function invariant(condition: unknown, describe: () => string): asserts condition {
  if (!condition) {
    throw new StudioError('internal.invariant', describe(), 'This is a defect of the studio. Please report it.');
  }
}
