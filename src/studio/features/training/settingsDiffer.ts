// Whether the settings panel now asks for something else than the open run does.
import type { MethodInfo, RunConfig } from '../../../domain/run.ts';
import { configOf, type DraftState } from '../../stores/draft.ts';

export function settingsDiffer(config: RunConfig, draft: DraftState, methods: readonly MethodInfo[]): boolean {
  const method = methods.find(({ id }) => id === draft.method);
  return method !== undefined && !equal(configOf(draft, method), config);
}

/** Equality of plain data, whatever the order of keys. */
function equal(left: unknown, right: unknown): boolean {
  if (!isRecord(left) || !isRecord(right)) return Object.is(left, right);
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => equal(left[key], right[key]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
