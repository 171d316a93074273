// Measured kernel choices as plain data: what a host stores for an adapter, and what it gets back. Tables of another
// adapter, of other kernels, or damaged ones are ignored, with the reason.
import { currentChoices, expectChoices, KERNEL_VERSION } from '../conv2d/kernels/variants.ts';

export interface TuningTable {
  readonly format: 1;
  readonly kernelVersion: number;
  /** `describeAdapter`'s text. */
  readonly adapter: string;
  /** Key of a pass to id of its kernel. */
  readonly choices: Readonly<Record<string, string>>;
}

/** The present choices, those by estimate included: with them a run finds the same kernels again. */
export function tuningTable(adapter: string): TuningTable {
  return { format: 1, kernelVersion: KERNEL_VERSION, adapter, choices: currentChoices() };
}

/** Passes that are asked for from now on get the table's kernels. Returns why the table is not used, or null. */
export function applyTuningTable(stored: unknown, adapter: string): string | null {
  const table = parse(stored);
  if (typeof table === 'string') return table;
  if (table.kernelVersion !== KERNEL_VERSION) {
    return `it is of kernels version ${table.kernelVersion}, these are ${KERNEL_VERSION}`;
  }
  if (table.adapter !== adapter) return `it was measured on ${table.adapter || 'another adapter'}`;
  expectChoices(table.choices);
  return null;
}

function parse(stored: unknown): TuningTable | string {
  const damaged = 'it is damaged';
  if (!isRecord(stored)) return damaged;
  const { format, kernelVersion, adapter, choices } = stored;
  if (format !== 1) return 'it has another format';
  if (typeof kernelVersion !== 'number' || typeof adapter !== 'string' || !isRecord(choices)) return damaged;
  const entries = Object.entries(choices);
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) return damaged;
  return { format, kernelVersion, adapter, choices: Object.fromEntries(entries) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
