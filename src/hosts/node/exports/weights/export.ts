// weights.safetensors: the network that predicts, under PyTorch's names.
import { defineExport } from '../core/defineExport.ts';

export const declared = defineExport({
  id: 'weights',
  of: 'run',
  fileName: 'weights.safetensors',
  summary: "The network that predicts, under PyTorch's names",
  contents: ({ weights }) => weights,
});
