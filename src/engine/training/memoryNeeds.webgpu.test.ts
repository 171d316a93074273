// What the paper's own network needs, planned without running it: DeepLab v2 on ResNet-101, 640 x 360, one source and one
// target image, adversarial. The paper trained it on a card of 11 GB.
import { afterEach, describe, expect, it } from 'vitest';
import type { ParamValues } from '../../domain/params.ts';
import { RandomStream } from '../../domain/rng.ts';
import { needsOf } from '../compile/compiledProgram.ts';
import type { ProgramNeeds } from '../compile/layout.ts';
import { backendInside } from '../gpu/backendInside.ts';
import type { MethodState } from '../methods/core/defineMethod.ts';
import { networkEntry } from '../networks/registry.ts';
import { disposeInputs, hostInputs, persistentInputs } from './stepInputs.ts';
import { createTrainer, type Trainer } from './trainer.ts';

const SIZE = { width: 640, height: 360 };
const PIXELS = SIZE.width * SIZE.height;
const GIB = 2 ** 30;
/** What every WebGPU device can bind as one buffer. */
const SMALLEST_BINDING_LIMIT = 2 ** 27;

const open: Trainer[] = [];
afterEach(() => {
  for (const trainer of open.splice(0)) trainer.dispose();
});

function needs(networkParams: ParamValues): ProgramNeeds {
  const { info, build } = networkEntry('deeplab-v2-r101');
  const config = {
    networkId: info.id,
    methodId: 'adversarial',
    networkParams,
    params: { batchSize: 1, targetBatchSize: 1, discriminator: 'full' },
    seed: 1,
    steps: 10,
    classWeights: new Float32Array(19).fill(1),
    size: SIZE,
  };
  // Weights of zeros: only shapes matter, and drawing 44 million numbers takes seconds.
  const trainer = createTrainer(config, { info, build: (options) => build({ ...options, start: 'zeros' }) });
  open.push(trainer);
  forgetValues(trainer.running.state);
  const batch = { size: SIZE, count: 1, images: new Uint8Array(3 * PIXELS), labels: new Uint8Array(PIXELS) };
  const plan = trainer.running.plan(0, config.steps, trainer.params, new RandomStream(1, 'step', 0));
  const inputs = persistentInputs(hostInputs({ source: batch, target: batch }, trainer.streams, SIZE, plan));
  const result = needsOf(() => [trainer.program(inputs)]);
  disposeInputs(inputs);
  return result;
}

/** Without values a variable gets its buffer, and nothing is written to it: half a gigabyte, which takes seconds. */
function forgetValues({ networks, optimisers }: MethodState): void {
  const { tensorMap } = backendInside();
  const held = [
    ...Object.values(networks).flatMap(({ parameters }) => parameters),
    ...Object.values(optimisers).flatMap(({ slots }) => slots),
  ];
  for (const { variable } of held) tensorMap.get(variable.dataId).values = null;
}

describe('DeepLab v2 on ResNet-101 at 640 x 360, 1 + 1 images', { timeout: 240_000 }, () => {
  it('fits the paper’s card, and less than half of it where stages are recomputed', () => {
    const plain = needs({});
    const recomputed = needs({ checkpoint: true });
    expect(plain.totalBytes).toBeLessThan(11 * GIB);
    expect(recomputed.totalBytes).toBeLessThan(5 * GIB);
    expect(recomputed.scratchBytes).toBeLessThan(0.5 * plain.scratchBytes);
    for (const { scratchBytes, scratchLowerBoundBytes, unsharedBytes, externalBytes, largestBytes } of [
      plain,
      recomputed,
    ]) {
      // Sharing whole buffers comes close to what any plan could do.
      expect(scratchBytes).toBeLessThan(1.25 * scratchLowerBoundBytes);
      expect(unsharedBytes).toBeGreaterThan(2 * scratchBytes);
      expect(largestBytes).toBeLessThanOrEqual(SMALLEST_BINDING_LIMIT);
      // 44 million weights with two moments each.
      expect(externalBytes).toBeGreaterThan(3 * 4 * 43_901_068);
    }
  });
});
