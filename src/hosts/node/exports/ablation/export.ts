// rungs.json: what every ablation step of a recipe reached, seed by seed. The file keeps the name and the fields that people
// read it by.
import type { ScoredAt } from '../../report/scoreTable.ts';
import { asJson, defineExport } from '../core/defineExport.ts';

export const declared = defineExport({
  id: 'ablation',
  of: 'recipe',
  fileName: 'rungs.json',
  summary: 'What every ablation step reached, seed by seed, of a recipe trained with --seeds',
  contents: ({ ablation }) => asJson(ablation.map((result) => ({ ...result, scoredAt: 'tiles' satisfies ScoredAt }))),
});
