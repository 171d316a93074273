// Measured kernel choices as plain data: what a host stores for an adapter, and what it gets back. Tables of another
// adapter, of other kernels, or damaged ones are ignored, with the reason.
import type { TuningTable } from '../../../../domain/tuningTable.ts';
import { isKernelIds, type KernelChoices } from './choices.ts';
import { KERNEL_VERSION } from './variants.ts';

/** What has been measured on this adapter. */
export function tuningTable(kernels: KernelChoices, adapter: string): TuningTable {
  return { format: 1, kernelVersion: KERNEL_VERSION, adapter, choices: kernels.measured() };
}

/** Passes that are asked for from now on get the table's kernels. Returns why the table is not used, or null. Between runs only. */
export function applyTuningTable(kernels: KernelChoices, stored: unknown, adapter: string): string | null {
  const table = parse(stored);
  if (typeof table === 'string') return table;
  if (table.kernelVersion !== KERNEL_VERSION) {
    return `it is of kernels version ${table.kernelVersion}, these are ${KERNEL_VERSION}`;
  }
  if (table.adapter !== adapter) return `it was measured on ${table.adapter || 'another adapter'}`;
  kernels.restoreMeasured(table.choices);
  return null;
}

function parse(stored: unknown): TuningTable | string {
  const damaged = 'it is damaged';
  if (!isRecord(stored)) return damaged;
  const { format, kernelVersion, adapter, choices } = stored;
  if (format !== 1) return 'it has another format';
  if (typeof kernelVersion !== 'number' || typeof adapter !== 'string' || !isKernelIds(choices)) return damaged;
  return { format, kernelVersion, adapter, choices };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
