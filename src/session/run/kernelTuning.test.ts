// Tuning over the life of an adapter: restored, continued, stored; stores that fail are no failure.
import { beforeEach, describe, expect, it } from 'vitest';
import type { DeviceInfo } from '../../domain/device.ts';
import { KernelChoices } from '../../engine/ops/conv2d/choice/choices.ts';
import { ConvolutionTuner } from '../../engine/ops/conv2d/choice/convolutionTuner.ts';
import { convShape } from '../../engine/ops/conv2d/kernels/shape.ts';
import type { TuningStore } from '../ports.ts';
import { KernelTuning } from './kernelTuning.ts';

const traits = { software: false, lanes: 32, half: false };
const conv = {
  stride: [1, 1] as [number, number],
  dilation: [1, 1] as [number, number],
  padding: { top: 0, bottom: 0, left: 0, right: 0 },
  reflect: false,
};
const shape = convShape('forward', [1, 4, 4, 8], [1, 1, 8, 8], [1, 4, 4, 8], conv);

let kernels: KernelChoices;
/** As after the device was opened. */
const restart = (): void => {
  kernels = new KernelChoices(traits);
};
beforeEach(restart);

class MemoryTuningStore implements TuningStore {
  readonly tables = new Map<string, string>();
  async load(adapter: string): Promise<unknown> {
    const text = this.tables.get(adapter);
    return text === undefined ? null : JSON.parse(text);
  }
  async save(adapter: string, table: unknown): Promise<void> {
    this.tables.set(adapter, JSON.stringify(table));
  }
}
const broken: TuningStore = {
  load: () => Promise.reject(new Error('no disk')),
  save: () => Promise.reject(new Error('no disk')),
};
const device: DeviceInfo = {
  backend: 'webgpu',
  adapter: 'a card',
  software: false,
  shaderF16: false,
  maxBufferBytes: null,
  maxBindingBytes: null,
  fallbackReason: null,
};
function tuningWith(store: TuningStore): KernelTuning {
  const measure = async (_: unknown, variant: { kind: string }) => (variant.kind === 'broadcast' ? 1 : 2);
  return new KernelTuning(
    store,
    () => 0,
    (nowMs) => new ConvolutionTuner({ kernels, nowMs, measure }),
  );
}

describe('KernelTuning', () => {
  it('stores what it measured and has it again after a restart', async () => {
    const store = new MemoryTuningStore();
    const first = tuningWith(store);
    expect(await first.open(device)).toBeNull();
    expect(kernels.choose(shape).kind).toBe('register');
    expect(await first.tune()).toEqual({ tuned: 1, changed: 1, remaining: 0 });
    restart();
    const second = tuningWith(store);
    expect(await second.open(device)).toBeNull();
    expect(kernels.choose(shape).kind).toBe('broadcast');
    expect(second.remaining()).toBe(0);
  });

  it('ignores what is stored for other kernels, and says why', async () => {
    const store = new MemoryTuningStore();
    store.tables.set('a card', JSON.stringify({ format: 1, kernelVersion: 0, adapter: 'a card', choices: {} }));
    expect(await tuningWith(store).open(device)).toMatch(/version 0/);
  });

  it('works without a store that works', async () => {
    const tuning = tuningWith(broken);
    expect(await tuning.open(device)).toBeNull();
    kernels.choose(shape);
    expect(await tuning.tune()).toMatchObject({ tuned: 1 });
    expect(kernels.choose(shape).kind).toBe('broadcast');
  });

  it('has nothing to do without WebGPU', async () => {
    const tuning = tuningWith(new MemoryTuningStore());
    expect(await tuning.open({ ...device, backend: 'cpu' })).toBeNull();
    kernels.choose(shape);
    expect(tuning.remaining()).toBe(0);
    expect(await tuning.tune()).toBeNull();
  });

  it('leaves software adapters alone unless told to', async () => {
    const tuning = tuningWith(new MemoryTuningStore());
    await tuning.open({ ...device, software: true });
    kernels.choose(shape);
    expect(await tuning.tuneBetweenRuns()).toBeNull();
    expect(tuning.remaining()).toBe(1);
    await tuning.open(device);
    expect(await tuning.tuneBetweenRuns()).toMatchObject({ tuned: 1, remaining: 0 });
  });
});
