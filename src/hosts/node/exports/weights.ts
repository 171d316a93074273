// weights.safetensors: the network that predicts, under PyTorch's names.
import type { RunExport } from './core/runExport.ts';

export const runExport: RunExport = {
  id: 'weights',
  fileName: 'weights.safetensors',
  summary: "The network that predicts, under PyTorch's names",
  contents: ({ weights }) => weights,
};
