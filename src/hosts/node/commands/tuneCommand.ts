// npm run headless -- tune: times the convolution kernels that a training step needs on this GPU, and keeps the choices for
// every later run on it.
import { CITYSCAPES_CLASSES } from '../../../domain/classes.ts';
import { StudioError } from '../../../domain/errors.ts';
import { resolveParams } from '../../../domain/params.ts';
import { methodEntry } from '../../../engine/methods/registry.ts';
import { refuseWrongSize } from '../../../engine/networks/core/network.ts';
import { networkEntry } from '../../../engine/networks/registry.ts';
import { prepareStep } from '../../../engine/training/runStep.ts';
import { createTrainer } from '../../../engine/training/trainer.ts';
import { KernelTuning, tunerOfDevice } from '../../../session/run/kernelTuning.ts';
import { openDevice } from '../device.ts';
import { nodeClock } from '../nodeClock.ts';
import { FileTuningStore } from '../storage/fileTuningStore.ts';
import { readChoice, readInteger, readNumber, readSize } from './arguments.ts';
import { readOptions } from './options.ts';

const OPTIONS = {
  network: { type: 'string', default: 'lite' },
  method: { type: 'string', default: 'source-only' },
  size: { type: 'string', default: '128x64' },
  batch: { type: 'string', default: '4' },
  seconds: { type: 'string', default: '60' },
  precision: { type: 'string', default: 'f32' },
} as const;

export async function tuneCommand(args: readonly string[]): Promise<number> {
  const { values } = readOptions(args, OPTIONS);
  const seconds = readNumber('seconds', values.seconds, 0.1, 3600);
  const precision = readChoice('precision', values.precision, ['f32', 'f16']);
  const { info } = networkEntry(values.network);
  const method = methodEntry(values.method).info;
  const batchSize = readInteger('batch', values.batch, 1);
  resolveParams(method.params, { batchSize });
  const size = readSize('size', values.size);
  refuseWrongSize(info, size);
  const device = await openDevice('webgpu');
  const kernels = new KernelTuning(new FileTuningStore(), nodeClock.nowMs, tunerOfDevice(precision));
  await kernels.open(device);
  const trainer = createTrainer({
    networkId: info.id,
    methodId: method.id,
    params: { batchSize },
    seed: 1,
    steps: 1,
    classWeights: new Float32Array(CITYSCAPES_CLASSES.length).fill(1),
    size,
  });
  try {
    if ((await prepareStep(trainer)) === null) {
      throw new StudioError('gpu.unavailable', 'Steps are not compiled here.', 'Tuning needs WebGPU.');
    }
  } finally {
    trainer.dispose();
  }
  console.log(`${kernels.remaining()} passes run by estimate.`);
  const result = await kernels.tune(1000 * seconds);
  if (result !== null) {
    console.log(`${result.tuned} measured, ${result.changed} changed, ${result.remaining} left for another time.`);
  }
  return 0;
}
