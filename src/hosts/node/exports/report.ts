// report.json: configuration, device, data, and what every stage cost and reached.
import type { RunExport } from './core/runExport.ts';

export const runExport: RunExport = {
  id: 'report',
  fileName: 'report.json',
  summary: 'Configuration, device, data, and what every stage cost and reached',
  contents: ({ report }) => `${JSON.stringify(report, null, 2)}\n`,
};
