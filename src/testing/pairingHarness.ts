// What the tests of pairing share: paths in, pairs and what is said about the rest out.

import { pairFiles } from '../data/importing/pairing/pairFiles.ts';
import type { RoleChoices } from '../data/importing/pairing/roles.ts';
import { fileOf } from './imageFiles.ts';

const some = Uint8Array.of(1);
export const filesOf = (paths: readonly string[]) => paths.map((path) => fileOf(path, some));
export const pairsOf = (paths: readonly string[], choices?: RoleChoices) => {
  const { layout, pairs, issues, unused, questions } = pairFiles(filesOf(paths), choices);
  return {
    layout,
    questions,
    unused: Object.fromEntries(unused.map(({ reason, count }) => [reason, count])),
    pairs: pairs.map(({ name, split, image, labels, coding }) => ({
      name,
      split,
      image: image.path,
      labels: labels?.path ?? null,
      coding,
    })),
    issues: issues.map(({ code, path, context }) => ({ code, path, ...context })),
  };
};

/** Label of each photo. */
export const pairedIn = (paths: readonly string[], choices?: RoleChoices): Record<string, string | null> =>
  Object.fromEntries(pairsOf(paths, choices).pairs.map(({ image, labels }) => [image, labels]));
