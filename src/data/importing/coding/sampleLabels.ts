// Which label files are looked into to tell what they mean: some of every folder, spread over it, for drives and sequences differ.
import { StudioError } from '../../../domain/errors.ts';
import { decodePng } from '../../decode/decodePng.ts';
import { spreadIndices } from '../../feed/batcher.ts';
import type { SourceFile } from '../../ports.ts';
import type { ImportLimits } from '../limits.ts';
import { readWhole } from '../readWhole.ts';
import { type LabelLook, lookAt } from './look.ts';

/** A label file and the coding that its name promises, if any. */
export interface NamedLabel {
  readonly file: SourceFile;
  readonly promised: string | null;
}

/** Files that are looked into: to tell what they mean, and to see that a name's promise is kept. Decoding 2 megapixels takes 0.1 to 0.3 s. */
const MOST = 24;
const MOST_PROMISED = 8;

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

function groupedBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/** At most `most` of the labels, spread over folders first and then within each. */
export function spreadLabels(labels: readonly NamedLabel[], most: number): readonly NamedLabel[] {
  const folders = groupedBy(labels, ({ file }) => folderOf(file.path));
  const taken = spreadIndices(folders.length, Math.min(folders.length, most)).flatMap((at) => {
    const folder = folders[at];
    return folder === undefined ? [] : [folder];
  });
  const each = Math.max(1, Math.floor(most / Math.max(1, taken.length)));
  const spread = taken.flatMap((folder) =>
    spreadIndices(folder.length, Math.min(folder.length, each)).flatMap((at) => folder[at] ?? []),
  );
  // Small folders leave room for more of the large ones.
  const chosen = new Set(spread);
  const rest = labels.filter((label) => !chosen.has(label));
  const room = Math.min(rest.length, most - chosen.size);
  for (const at of room === 0 ? [] : spreadIndices(rest.length, room)) {
    const label = rest[at];
    if (label !== undefined) chosen.add(label);
  }
  return [...chosen];
}

/** Looks into some of the labels of every promise. Files that cannot be read say nothing here: the inspection reports them. */
export async function lookAtLabels(labels: readonly NamedLabel[], limits: ImportLimits): Promise<readonly LabelLook[]> {
  const looks: LabelLook[] = [];
  for (const group of groupedBy(labels, ({ promised }) => promised ?? '')) {
    for (const { file, promised } of spreadLabels(group, group[0]?.promised == null ? MOST : MOST_PROMISED)) {
      try {
        looks.push(lookAt(file.path, promised, decodePng(await readWhole(file, limits), file.path, limits)));
      } catch (error) {
        if (!(error instanceof StudioError)) throw error;
      }
    }
  }
  return looks;
}
