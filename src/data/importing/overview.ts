// What a drop is called and holds, from its pairs alone.
import type { Split } from '../../domain/dataset.ts';
import type { ImportReport } from '../../domain/importing.ts';
import type { SourceFile } from '../ports.ts';
import { baseName, commonRoot } from './paths.ts';
import type { Pair } from './plan.ts';

export type Overview = Pick<ImportReport, 'suggestedName' | 'fileCount' | 'splits'>;

function countSplit(pairs: readonly Pair[], split: Split): { pairs: number; unlabelled: number } {
  const own = pairs.filter((pair) => pair.split === split);
  const unlabelled = own.filter(({ labels }) => labels === null).length;
  return { pairs: own.length - unlabelled, unlabelled };
}

/** The dropped folder's name where it tells more than the layout's own folders do. */
function suggestName(files: readonly SourceFile[], otherwise: string): string {
  const root = commonRoot(files.map(({ path }) => path));
  const isStructural = root === null || /^(leftImg8bit|images?|train|val|test|dataset|data)$/i.test(root);
  return isStructural ? otherwise : baseName(root);
}

export function overviewOf(files: readonly SourceFile[], pairs: readonly Pair[], otherwise: string): Overview {
  const splits = { train: countSplit(pairs, 'train'), val: countSplit(pairs, 'val') };
  return { suggestedName: suggestName(files, otherwise), fileCount: files.length, splits };
}
