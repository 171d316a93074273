// What `evaluate --out FILE` writes: the scores of weights on a folder, and how they were taken.
import { asJson, defineExport } from '../core/defineExport.ts';

export const declared = defineExport({
  id: 'evaluation',
  of: 'evaluation',
  fileName: 'evaluation.json',
  summary: 'The scores of weights on a folder; evaluate --out names the file',
  contents: asJson,
});
