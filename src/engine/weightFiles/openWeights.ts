// Opens a file of weights, whatever wrote it: safetensors, or PyTorch's zip and plain forms, told apart by what they hold.
import { HEAD_BYTES, kindOf } from './fileKind.ts';
import { openSafetensors } from './safetensors.ts';
import type { ByteSource, WeightFile } from './tensors.ts';
import { openTorchPlain } from './torchPlain.ts';
import { openTorchZip } from './torchZip.ts';

/**
 * Reads what there is; no tensor's values before they are asked for. Throws `checkpoint.corrupt`, `data.unsupported-format`,
 * and `checkpoint.unsafe` for a pickle that asks for more than tensors: nothing of it is run.
 */
export async function openWeights(source: ByteSource): Promise<WeightFile> {
  switch (kindOf(await source.read(0, HEAD_BYTES), source.sizeBytes)) {
    case 'zip':
      return openTorchZip(source);
    case 'pickle':
      return openTorchPlain(source);
    default:
      return openSafetensors(source);
  }
}
