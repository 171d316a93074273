// Reads run configurations that come from outside (a link, a file, a stored row): the one place they are checked.
// Inside, the type is trusted.
import * as v from 'valibot';
import type { DatasetId } from '../domain/dataset.ts';
import { StudioError } from '../domain/errors.ts';
import type { RunConfig } from '../domain/run.ts';

const wholeNumber = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const sceneSettings = v.strictObject({
  size: v.strictObject({ width: wholeNumber(16, 2048), height: wholeNumber(16, 2048) }),
  styleGap: share,
  layoutGap: share,
});
const datasetRef = v.variant('kind', [
  v.strictObject({ kind: v.literal('scenes'), role: v.picklist(['game', 'camera']), settings: sceneSettings }),
  v.strictObject({
    kind: v.literal('imported'),
    id: v.pipe(
      v.string(),
      v.minLength(1),
      v.transform((id) => id as DatasetId),
    ),
  }),
]);
const runConfig = v.strictObject({
  schemaVersion: v.literal(1),
  seed: wholeNumber(0, 2 ** 31 - 1),
  source: datasetRef,
  target: datasetRef,
  validation: v.nullable(datasetRef),
  labelledTargets: wholeNumber(0, 1_000_000),
  network: v.string(),
  method: v.strictObject({
    id: v.string(),
    params: v.record(v.string(), v.union([v.number(), v.string(), v.boolean()])),
  }),
  steps: wholeNumber(1, 10_000_000),
  evaluateEvery: wholeNumber(1, 10_000_000),
  evaluationImages: wholeNumber(0, 1_000_000),
});

/** Throws `config.invalid` naming the first field that is wrong. */
export function parseRunConfig(value: unknown): RunConfig {
  const parsed = v.safeParse(runConfig, value);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  const field = v.getDotPath(issue) ?? 'configuration';
  throw new StudioError(
    'config.invalid',
    `${field}: ${issue.message}`,
    'Correct the field, or start from a recipe that ships with the studio.',
    { key: field, value: String(issue.input) },
  );
}
