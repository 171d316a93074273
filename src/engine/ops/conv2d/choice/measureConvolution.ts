// Times one pass of a convolution on the open WebGPU device: warm-up (which compiles), then several in one submission, until
// the queue says that they are done. Nothing is read back. Candidates that the device refuses reject, and nobody else hears.
import { StudioError } from '../../../../domain/errors.ts';
import { backendInside } from '../../../gpu/backendInside.ts';
import { disposeIntermediate } from '../../../gpu/program.ts';
import * as tf from '../../../tf.ts';
import { type ConvInputs, runConvolution } from '../kernels/run.ts';
import { type ConvShape, filterShape, flopsOf, inputShape, outputShape } from '../kernels/shape.ts';
import type { MeasureVariant } from './convolutionTuner.ts';
import type { ConvVariant } from './variants.ts';

/** Repetitions of a pass in one timing, and timings of which the fastest counts. */
const REPEATS = { small: 8, large: 2 } as const;
const ROUNDS = 2;
/** From here on a pass is long enough to be timed almost alone. */
const LARGE_FLOPS = 1e8;

/** A `MeasureVariant` on the host's clock. */
export function measureWith(nowMs: () => number): MeasureVariant {
  return (shape, variant) => measureConvolution(shape, variant, nowMs);
}

async function measureConvolution(shape: ConvShape, variant: ConvVariant, nowMs: () => number): Promise<number> {
  const inputs = scratch(shape);
  const { device } = backendInside();
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  try {
    const repeats = flopsOf(shape) > LARGE_FLOPS ? REPEATS.large : REPEATS.small;
    await run(shape, variant, inputs, 1, nowMs);
    let fastest = Number.POSITIVE_INFINITY;
    for (let round = 0; round < ROUNDS; round++) {
      fastest = Math.min(fastest, await run(shape, variant, inputs, repeats, nowMs));
    }
    return fastest;
  } finally {
    for (const input of inputs) input?.dispose();
    const errors = await Promise.all([device.popErrorScope(), device.popErrorScope()]);
    const [error] = errors.filter((found) => found !== null);
    if (error !== undefined) refuse(error);
  }
}

/** Milliseconds a repetition. */
async function run(
  shape: ConvShape,
  variant: ConvVariant,
  inputs: ConvInputs,
  repeats: number,
  nowMs: () => number,
): Promise<number> {
  const backend = backendInside();
  submit();
  await backend.device.queue.onSubmittedWorkDone();
  const start = nowMs();
  for (let i = 0; i < repeats; i++) disposeIntermediate(runConvolution(shape, variant, inputs));
  submit();
  await backend.device.queue.onSubmittedWorkDone();
  return (nowMs() - start) / repeats;
}

function submit(): void {
  const backend = backendInside();
  backend.endComputePassEncoder();
  if (backend.commandEncoder !== null) backend.submitQueue();
}

/** Inputs of a pass; what is in them does not matter. */
function scratch(shape: ConvShape): readonly [tf.Tensor, tf.Tensor, tf.Tensor | null] {
  const { pass, outChannels, inChannels } = shape;
  const first = pass === 'toInput' ? outputShape(shape) : inputShape(shape);
  const second = pass === 'toFilter' ? outputShape(shape) : filterShape(shape);
  const channels = pass === 'forward' ? outChannels : inChannels;
  return [tf.fill(first, 0.5), tf.fill(second, 0.5), shape.bias ? tf.fill([channels], 0.5) : null];
}

function refuse(error: GPUError): never {
  throw new StudioError('gpu.unavailable', error.message, 'Another kernel is taken.', { reason: 'refused' });
}
