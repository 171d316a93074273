// Whether the settings panel now asks for something else than the open run does.
import type { RunConfig } from '../../../domain/run.ts';
import { configOf, type DraftState, type Offer, recipeOf } from '../../stores/draft.ts';

export function settingsDiffer(config: RunConfig, draft: DraftState, offer: Offer): boolean {
  const recipe = recipeOf(draft, offer);
  return recipe !== null && !equal(configOf(draft, recipe, offer.methods), config);
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
