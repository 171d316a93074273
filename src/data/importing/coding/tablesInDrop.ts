// Tables that lie among the files of a drop and say what its labels mean: the labelmap.txt of CVAT and VOC exports, Datumaro's
// dataset_meta.json, and the codes.txt of fastai's CamVid.
import { StudioError } from '../../../domain/errors.ts';
import { CAMVID_NAMES } from '../../codings/core/camvidTable.ts';
import type { Coding } from '../../codings/core/coding.ts';
import { parseOwnTable } from '../../codings/core/ownTable.ts';
import { codingEntry } from '../../codings/registry.ts';
import type { SourceFile } from '../../ports.ts';
import type { ImportLimits } from '../limits.ts';
import { readWhole } from '../readWhole.ts';

const TABLES = /(^|\/)(labelmap\.txt|dataset_meta\.json|codes\.txt)$/i;

/** The coding that the drop's own table gives, if there is one that can be read, and only one. */
export async function tableInDrop(files: readonly SourceFile[], limits: ImportLimits): Promise<readonly Coding[]> {
  const texts = new Map<string, string>();
  for (const file of files.filter(({ path }) => TABLES.test(path))) {
    try {
      texts.set(new TextDecoder().decode(await readWhole(file, limits)), file.path);
    } catch (error) {
      if (!(error instanceof StudioError)) throw error;
    }
  }
  const [only, ...others] = [...texts].flatMap(([text, path]) => codingIn(text, path) ?? []);
  return only === undefined || others.length > 0 ? [] : [only];
}

function codingIn(text: string, path: string): Coding | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name.toLowerCase() === 'codes.txt') {
    const names = text.trim().split(/\s+/);
    return names.join() === CAMVID_NAMES.join() ? codingEntry('camvid-32') : null;
  }
  try {
    return parseOwnTable(text, name);
  } catch (error) {
    // Somebody else's file of the same name is no reason to stop.
    if (error instanceof StudioError) return null;
    throw error;
  }
}
