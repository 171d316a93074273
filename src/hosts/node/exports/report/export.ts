// report.json: configuration, device, data, and what every stage cost and reached.
import { asJson, defineExport } from '../core/defineExport.ts';

export const declared = defineExport({
  id: 'report',
  of: 'run',
  fileName: 'report.json',
  summary: 'Configuration, device, data, and what every stage cost and reached',
  contents: ({ report }) => asJson(report),
});
