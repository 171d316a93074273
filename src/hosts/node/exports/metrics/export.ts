// metrics.csv: every value of every metric, in long form.
import { defineExport } from '../core/defineExport.ts';

export const declared = defineExport({
  id: 'metrics',
  of: 'run',
  fileName: 'metrics.csv',
  summary: 'Every value of every metric: step,key,value',
  contents: ({ history }) => {
    const rows = Object.entries(history).flatMap(([key, { steps, values }]) =>
      [...steps].map((step, i) => [step, key, values[i] ?? Number.NaN] as const),
    );
    rows.sort((a, b) => a[0] - b[0]);
    return `step,key,value\n${rows.map((row) => row.join(',')).join('\n')}\n`;
  },
});
