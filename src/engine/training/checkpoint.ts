// A run's learning state as one safetensors file: weights and optimiser slots by name, the step, the kernels that it computes
// with and whatever the session adds (samplers) in its metadata. A restored run continues with the same bits as one that was never interrupted.
import { StudioError } from '../../domain/errors.ts';
import { readSafetensors, writeSafetensors } from '../weightFiles/safetensors.ts';
import {
  arraysOfParameters,
  arraysOfSlots,
  assignStored,
  matchNames,
  type NamedArray,
  snapshot,
} from './namedArrays.ts';
import type { Trainer } from './trainer.ts';

const FORMAT = 'udas-studio.checkpoint.1';
/** Metadata of the session's own, kept apart from ours by this prefix. */
const EXTRA = 'extra.';
const KERNELS = `${EXTRA}kernels`;

/**
 * Packs the trainer as it stands at the call; steps queued afterwards do not show. `extra` comes back from `restoreCheckpoint`.
 * Losses still on the GPU are not part of it: read them first.
 */
export async function packCheckpoint(
  trainer: Trainer,
  extra: Readonly<Record<string, string>> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const metadata = {
    format: FORMAT,
    step: String(trainer.step),
    network: trainer.config.networkId,
    method: trainer.config.methodId,
    [KERNELS]: trainer.kernels?.pinned() ?? '{}',
    ...Object.fromEntries(Object.entries(extra).map(([key, value]) => [EXTRA + key, value])),
  };
  return writeSafetensors(await snapshot(arraysOf(trainer)), metadata);
}

/**
 * Puts a trainer of the same network and method where the packed one was, and gives back `extra`. Throws
 * `checkpoint.corrupt` or `checkpoint.incompatible`; then nothing has changed.
 */
export function restoreCheckpoint(trainer: Trainer, file: Uint8Array): Readonly<Record<string, string>> {
  const { tensors, metadata } = readSafetensors(file);
  const { networkId, methodId, steps } = trainer.config;
  expectSame('format', metadata.format, FORMAT);
  expectSame('network', metadata.network, networkId);
  expectSame('method', metadata.method, methodId);
  const step = Number(metadata.step);
  if (!Number.isSafeInteger(step) || step < 0 || step > steps) {
    throw incompatible(`It stands at step ${metadata.step} of a run of ${steps} steps.`, { step: metadata.step ?? '' });
  }
  const arrays = arraysOf(trainer);
  const { missing, unexpected } = matchNames(arrays, tensors);
  const stranger = missing[0] ?? unexpected[0];
  if (stranger !== undefined) {
    throw incompatible(
      `It lacks ${missing.length} tensors and has ${unexpected.length} that nothing asks for, among them "${stranger}".`,
      { tensor: stranger },
    );
  }
  assignStored(arrays, tensors);
  trainer.compiled?.dispose(); // the variables have new buffers
  trainer.step = step;
  if (metadata[KERNELS] !== undefined) trainer.kernels?.pin(metadata[KERNELS]);
  return Object.fromEntries(
    Object.entries(metadata).flatMap(([key, value]) =>
      key.startsWith(EXTRA) && key !== KERNELS ? [[key.slice(EXTRA.length), value] as const] : [],
    ),
  );
}

function arraysOf({ running }: Trainer): NamedArray[] {
  const { networks, optimisers, buffers = {} } = running.state;
  return [
    ...Object.entries(networks).flatMap(([role, { parameters }]) =>
      arraysOfParameters(parameters, `networks.${role}.`),
    ),
    ...Object.entries(optimisers).flatMap(([role, optimiser]) => arraysOfSlots(optimiser, `optimisers.${role}.`)),
    ...Object.entries(buffers).map(([role, variable]) => ({
      name: `buffers.${role}`,
      variable,
      offset: 0,
      shape: variable.shape,
    })),
  ];
}

function expectSame(what: string, found: string | undefined, expected: string): void {
  if (found !== expected)
    throw incompatible(`Its ${what} is "${found}", the run's is "${expected}".`, { what, expected });
}

function incompatible(why: string, context: Readonly<Record<string, string>>): StudioError {
  return new StudioError(
    'checkpoint.incompatible',
    `The checkpoint does not belong to this run. ${why}`,
    'Open the run that it was saved from.',
    context,
  );
}
