import { describe, expect, it } from 'vitest';
import type { HostBatch } from '../../domain/dataset.ts';
import { memory } from '../backend/memory.ts';
import { readValues } from '../backend/readback.ts';
import { type Network, networkOf } from '../networks/core/network.ts';
import { batchNormalisation } from '../nn/layers.ts';
import { ParameterScope } from '../nn/parameters.ts';
import { BATCH_NORM_MODES } from '../ops/batchNorm/batchNorm.ts';
import { adaptStatistics } from './adaptStatistics.ts';
import { speck } from './testing/speck.ts';

/** Half of the pixels at byte 51 (-0.6), half at 204 (0.6): mean 0, unbiased variance 0.36 * 8 / 7. */
const batch: HostBatch = {
  size: { width: 4, height: 2 },
  count: 1,
  images: Uint8Array.from({ length: 24 }, (_, k) => (k < 12 ? 51 : 204)),
  get labels(): Uint8Array {
    throw new Error('The labels of the target were read.');
  },
};
async function* times(count: number): AsyncGenerator<HostBatch> {
  for (let i = 0; i < count; i++) yield batch;
}
const valuesOf = async (network: Network): Promise<Record<string, number[]>> => {
  const entries: [string, number[]][] = [];
  for (const { name, variable } of network.parameters) entries.push([name, [...(await readValues(variable))]]);
  return Object.fromEntries(entries);
};

describe('adaptStatistics', () => {
  it.each(BATCH_NORM_MODES)(
    'moves running statistics by a tenth a batch, and nothing else, in mode %s',
    async (mode) => {
      const scope = new ParameterScope({ seed: 1 });
      const network = networkOf('norm', scope, batchNormalisation(scope, 3, mode));
      const before = await valuesOf(network);
      const tensors = memory().tensors;
      expect(await adaptStatistics(network, times(3))).toBe(3);
      expect(memory().tensors).toBe(tensors);
      const after = await valuesOf(network);
      expect({ ...after, running_mean: null, running_var: null }).toEqual({
        ...before,
        running_mean: null,
        running_var: null,
      });
      const left = 0.9 ** 3;
      for (const value of after.running_var!) expect(value).toBeCloseTo(left + (1 - left) * ((0.36 * 8) / 7), 5);
      for (const value of after.running_mean!) expect(value).toBeCloseTo(0, 6);
      network.dispose();
    },
  );

  it('reads nothing for a network that has no statistics', async () => {
    const network = speck.build({ seed: 1 });
    async function* none(): AsyncGenerator<HostBatch> {
      yield* [];
      throw new Error('A batch was asked for.');
    }
    expect(await adaptStatistics(network, none())).toBe(0);
    network.dispose();
  });
});
