// A run's row: the pointer of its store. Whatever it does not name does not exist.
import * as v from 'valibot';
import type { RunSummary } from '../../../domain/run.ts';

/** Checkpoints alternate between `a` and `b`, so that the one being written is never the one that counts; `day` keeps one a day. */
export type Slot = 'a' | 'b' | 'day';

// The parts of a summary that a store decides by; the rest is the session's to understand.
const summarySchema = v.custom<RunSummary>((value) =>
  v.is(v.looseObject({ runId: v.string(), step: v.number(), createdAtMs: v.number(), updatedAtMs: v.number() }), value),
);
const fileSchema = { sizeBytes: v.number(), crc32: v.number() };
const slotSchema = v.nullable(
  v.object({
    /** The summary at the time of this checkpoint. */
    summary: summarySchema,
    ...fileSchema,
    /** Pieces of history that belong to it: those numbered below this. */
    pieces: v.number(),
  }),
);
const rowSchema = v.object({
  format: v.optional(v.literal(1), 1),
  summary: summarySchema,
  /** The slot that counts; moves in the write that fills it. */
  current: v.nullable(v.picklist(['a', 'b'])),
  slots: v.object({ a: slotSchema, b: slotSchema, day: v.optional(slotSchema, null) }),
  /** Who may write: whoever holds this token. Null in runs from before there were any. */
  lease: v.optional(v.nullable(v.string()), null),
  /** What stages left behind. Runs from before checksums name none, and theirs are read unchecked. */
  outputs: v.optional(v.record(v.string(), v.object(fileSchema)), {}),
});
export type RunRow = v.InferOutput<typeof rowSchema>;
export type StoredSlot = NonNullable<RunRow['slots']['a']>;

/** Null for what is no row. */
export function parseRow(value: unknown): RunRow | null {
  const parsed = v.safeParse(rowSchema, value);
  return parsed.success ? parsed.output : null;
}

export const emptyRow = (summary: RunSummary, lease: string): RunRow => ({
  format: 1,
  summary,
  current: null,
  slots: { a: null, b: null, day: null },
  lease,
  outputs: {},
});

export const otherSlot = (slot: 'a' | 'b' | null): 'a' | 'b' => (slot === 'a' ? 'b' : 'a');
export const checkpointName = (slot: Slot): string => `checkpoint-${slot}.safetensors`;
export const outputName = (name: string): string => `output-${name}`;
export const pieceName = (index: number): string => `history-${String(index).padStart(6, '0')}.bin`;
