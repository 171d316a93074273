// Measured kernel choices as plain data: what a host stores for an adapter, and what it gets back. Tables of another
// adapter, of other kernels, or damaged ones are ignored, with the reason.
import type { TuningTable } from '../../../domain/tuningTable.ts';
import { currentChoices, expectChoices, KERNEL_VERSION, measuredChoices } from '../conv2d/kernels/variants.ts';

/** What has been measured on this adapter. */
export function tuningTable(adapter: string): TuningTable {
  return { format: 1, kernelVersion: KERNEL_VERSION, adapter, choices: measuredChoices() };
}

/** Passes that are asked for from now on get the table's kernels. Returns why the table is not used, or null. */
export function applyTuningTable(stored: unknown, adapter: string): string | null {
  const table = parse(stored);
  if (typeof table === 'string') return table;
  if (table.kernelVersion !== KERNEL_VERSION) {
    return `it is of kernels version ${table.kernelVersion}, these are ${KERNEL_VERSION}`;
  }
  if (table.adapter !== adapter) return `it was measured on ${table.adapter || 'another adapter'}`;
  expectChoices(table.choices, true);
  return null;
}

/**
 * The kernels that the present run runs with, as text for its checkpoint: another kernel may add up in another order, and a
 * run that is continued must not change its bits because something was measured in between.
 */
export function pinnedKernels(): string {
  return JSON.stringify(currentChoices());
}

/** Takes the kernels of a checkpoint. Text that is no such thing changes nothing. */
export function pinKernels(text: string): void {
  let choices: unknown;
  try {
    choices = JSON.parse(text);
  } catch {
    return;
  }
  if (isChoices(choices)) expectChoices(choices, false);
}

function parse(stored: unknown): TuningTable | string {
  const damaged = 'it is damaged';
  if (!isRecord(stored)) return damaged;
  const { format, kernelVersion, adapter, choices } = stored;
  if (format !== 1) return 'it has another format';
  if (typeof kernelVersion !== 'number' || typeof adapter !== 'string' || !isChoices(choices)) return damaged;
  return { format, kernelVersion, adapter, choices };
}

function isChoices(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every((id) => typeof id === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
