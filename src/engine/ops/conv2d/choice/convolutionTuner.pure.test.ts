// The tuner with a clock and timings of the test's own: order, budget, margin, failures, and what is stored.
import { beforeEach, describe, expect, it } from 'vitest';
import { type ConvPass, type ConvShape, convShape, keyOf } from '../kernels/shape.ts';
import { candidates } from './candidates.ts';
import { KernelChoices } from './choices.ts';
import { ConvolutionTuner } from './convolutionTuner.ts';
import { applyTuningTable, tuningTable } from './tuningTable.ts';
import { type ConvVariant, KERNEL_VERSION, type Precision, variantId } from './variants.ts';

const traits = { software: true, lanes: 8, half: false };
const card = { software: false, lanes: 32, half: true };
const plain = { stride: [1, 1], dilation: [1, 1], padding: { top: 1, bottom: 1, left: 1, right: 1 }, reflect: false };
const shapeOf = (pass: ConvPass, channels: number): ConvShape =>
  convShape(pass, [1, 8, 8, channels], [3, 3, channels, 24], [1, 8, 8, 24], {
    ...plain,
    stride: [1, 1],
    dilation: [1, 1],
  });
const large = shapeOf('forward', 64);
const small = shapeOf('forward', 8);

let kernels: KernelChoices;
/** As after the device was opened. */
const open = (of = traits): void => {
  kernels = new KernelChoices(of);
};
beforeEach(() => open());

/** Every timing takes `costMs` of the clock and says what `speed` says. */
function tunerOf(speed: (shape: ConvShape, variant: ConvVariant) => number, costMs = 10) {
  const timed: string[] = [];
  let now = 0;
  const tuner = new ConvolutionTuner({
    kernels,
    nowMs: () => now,
    measure: async (shape, variant) => {
      now += costMs;
      timed.push(`${keyOf(shape)} | ${variantId(variant)}`);
      const ms = speed(shape, variant);
      if (Number.isNaN(ms)) throw new Error('refused');
      return ms;
    },
  });
  return { tuner, timed };
}
const prefer = (kind: ConvVariant['kind'], ms: number) => (_: ConvShape, variant: ConvVariant) =>
  variant.kind === kind ? ms : 1;

describe('ConvolutionTuner', () => {
  it('does nothing where nothing was asked for', async () => {
    const { tuner, timed } = tunerOf(() => 1);
    expect(await tuner.tune()).toEqual({ tuned: 0, changed: 0, remaining: 0 });
    expect(timed).toEqual([]);
  });

  it('adopts the fastest, for both kinds of passes', async () => {
    const toFilter = shapeOf('toFilter', 8);
    expect(kernels.choose(small).kind).toBe('broadcast');
    expect(kernels.choose(toFilter).kind).toBe('broadcast filter');
    const { tuner } = tunerOf((_, { kind }) => (kind.startsWith('register') ? 0.5 : 1));
    expect(tuner.remaining()).toBe(2);
    expect(await tuner.tune()).toEqual({ tuned: 2, changed: 2, remaining: 0 });
    expect(kernels.choose(small).kind).toBe('register');
    expect(kernels.choose(toFilter).kind).toBe('register filter');
  });

  it('keeps the estimate where the difference is within the noise', async () => {
    const estimated = kernels.choose(small);
    const { tuner } = tunerOf(prefer('register', 0.97));
    expect(await tuner.tune()).toEqual({ tuned: 1, changed: 0, remaining: 0 });
    expect(kernels.choose(small)).toEqual(estimated);
  });

  it('times the most expensive pass first, stops at the end of the budget, and goes on where it stopped', async () => {
    kernels.choose(small);
    kernels.choose(large);
    const { tuner, timed } = tunerOf(prefer('register', 0.5));
    expect(await tuner.tune(25)).toEqual({ tuned: 0, changed: 0, remaining: 2 });
    expect(timed).toHaveLength(3);
    expect(timed.every((entry) => entry.startsWith(keyOf(large)))).toBe(true);
    expect(kernels.choose(large).kind).toBe('broadcast');
    expect(await tuner.tune(1000)).toEqual({ tuned: 2, changed: 2, remaining: 0 });
    expect(new Set(timed).size).toBe(timed.length);
    expect(await tuner.tune(1000)).toEqual({ tuned: 0, changed: 0, remaining: 0 });
  });

  it('gets on with a budget of nothing, one timing a call', async () => {
    kernels.choose(small);
    const { tuner, timed } = tunerOf(() => 1);
    await tuner.tune(0);
    expect(timed).toHaveLength(1);
    for (let i = 0; i < 20 && tuner.remaining() > 0; i++) await tuner.tune(0);
    expect(tuner.remaining()).toBe(0);
  });

  it('lets a candidate lose that cannot run, and stays with the estimate if none can', async () => {
    kernels.choose(small);
    const { tuner } = tunerOf((_, { kind }) => (kind === 'broadcast' ? Number.NaN : 5));
    await tuner.tune();
    expect(kernels.choose(small).kind).toBe('register');
    open();
    const estimated = kernels.choose(small);
    await tunerOf(() => Number.NaN).tuner.tune();
    expect(kernels.choose(small)).toEqual(estimated);
  });
});

describe('on a GPU', () => {
  beforeEach(() => open(card));
  const timedWith = async (precision?: Precision): Promise<string[]> => {
    kernels.choose(large);
    const timed: string[] = [];
    const measure = async (_: ConvShape, variant: ConvVariant) => {
      timed.push(variantId(variant));
      return variantId(variant) === 'tiled 64x32 f16' ? 0.1 : variant.kind === 'tiled' ? 0.5 : 1;
    };
    const tuner = new ConvolutionTuner({
      kernels,
      nowMs: () => 0,
      measure,
      ...(precision === undefined ? {} : { precision }),
    });
    await tuner.tune();
    return timed;
  };

  it('tiles in workgroup memory are timed, and those with f16 only if they are asked for', async () => {
    expect(candidates(large, traits).some(({ kind }) => kind === 'tiled')).toBe(false);
    expect(kernels.choose(large).kind).toBe('register');
    const timed = await timedWith();
    expect(timed).toContain('tiled 64x32');
    expect(timed.filter((id) => id.includes('f16'))).toEqual([]);
    expect(variantId(kernels.choose(large))).toBe('tiled 64x32');
    open(card);
    expect(await timedWith('f16')).toContain('tiled 64x32 f16');
    expect(variantId(kernels.choose(large))).toBe('tiled 64x32 f16');
    const pinned = kernels.beginRun().pinned();
    open(card);
    kernels.beginRun().pin(pinned);
    expect(variantId(kernels.choose(large))).toBe('tiled 64x32 f16');
  });

  it('refuses f16 where the adapter has none', async () => {
    open({ ...card, half: false });
    kernels.choose(large);
    const tuner = new ConvolutionTuner({
      kernels,
      nowMs: () => 0,
      measure: async () => 1,
      precision: 'f16',
    });
    await expect(tuner.tune()).rejects.toMatchObject({ code: 'config.unmet-need' });
  });
});

describe('a stored table', () => {
  const adapter = 'a card';
  const stored = async () => {
    kernels.choose(small);
    await tunerOf(prefer('register', 0.5)).tuner.tune();
    return JSON.parse(JSON.stringify(tuningTable(kernels, adapter))) as Record<string, unknown>;
  };

  it('brings the choices back, without measuring again', async () => {
    const table = await stored();
    const choices = kernels.current();
    open();
    expect(kernels.choose(small).kind).toBe('broadcast');
    open();
    expect(applyTuningTable(kernels, table, adapter)).toBeNull();
    expect(kernels.choose(small).kind).toBe('register');
    expect(kernels.current()).toEqual(choices);
    expect(tunerOf(() => 1).tuner.remaining()).toBe(0);
  });

  it.each<[string, (table: Record<string, unknown>) => unknown, RegExp]>([
    ['of another adapter', (table) => ({ ...table, adapter: 'another card' }), /another card/],
    ['of other kernels', (table) => ({ ...table, kernelVersion: KERNEL_VERSION + 1 }), /version/],
    ['of another format', (table) => ({ ...table, format: 2 }), /format/],
    ['without choices', ({ choices: _, ...table }) => table, /damaged/],
    ['with choices that are no text', (table) => ({ ...table, choices: { a: 1 } }), /damaged/],
    ['that is a text', () => 'register', /damaged/],
    ['that is not there', () => undefined, /damaged/],
  ])('is ignored with the reason: %s', async (_, change, reason) => {
    const table = await stored();
    open();
    expect(applyTuningTable(kernels, change(table), adapter)).toMatch(reason);
    expect(kernels.choose(small).kind).toBe('broadcast');
  });

  it('passes over an id that is no candidate', async () => {
    const table = { ...(await stored()), choices: { [keyOf(small)]: 'magic 9x9' } };
    open();
    expect(applyTuningTable(kernels, table, adapter)).toBeNull();
    expect(kernels.choose(small)).toEqual(candidates(small, traits)[0]);
    expect(tunerOf(() => 1).tuner.remaining()).toBe(1);
  });
});

describe('the kernels of a run', () => {
  it('come back with its checkpoint, whatever was measured in between, and stay open to measurement later', async () => {
    const estimated = kernels.choose(small);
    const first = kernels.beginRun();
    const pinned = first.pinned();
    first.end();
    await tunerOf(prefer('register', 0.5)).tuner.tune();
    expect(kernels.choose(small).kind).toBe('register');
    expect(tuningTable(kernels, 'a card').choices).toEqual({ [keyOf(small)]: variantId(kernels.choose(small)) });
    const second = kernels.beginRun();
    second.pin(pinned);
    expect(kernels.choose(small)).toEqual(estimated);
    expect(tuningTable(kernels, 'a card').choices).toEqual({});
    expect(tunerOf(() => 1).tuner.remaining()).toBe(1);
  });

  it.each(['', '{"a": 1}', '[]', '{'])('are left alone by the text %j', (text) => {
    const estimated = kernels.choose(small);
    kernels.beginRun().pin(text);
    expect(kernels.choose(small)).toEqual(estimated);
  });

  it('are stored in one order: those that gather first', () => {
    for (const pass of ['toFilter', 'forward', 'toInput'] as const) kernels.choose(shapeOf(pass, 8));
    const passes = Object.keys(JSON.parse(kernels.beginRun().pinned())).map((key) => key.split(' ')[0]);
    expect(passes).toEqual(['forward', 'toInput', 'toFilter']);
  });

  it('are not exchanged while it is open: not measured, not adopted, not taken from a table', async () => {
    const variant = kernels.choose(small);
    const [first, second] = [kernels.beginRun(), kernels.beginRun()];
    const refusal = { code: 'internal.invariant' };
    const { tuner, timed } = tunerOf(() => 1);
    first.end();
    first.end();
    await expect(tuner.tune()).rejects.toMatchObject(refusal);
    expect(timed).toEqual([]);
    expect(() => kernels.adopt(small, variant)).toThrow(expect.objectContaining(refusal));
    expect(() => kernels.restoreMeasured({})).toThrow(expect.objectContaining(refusal));
    second.end();
    expect(await tuner.tune()).toMatchObject({ tuned: 1 });
  });

  it('are not pinned to others beside a run that computes with them', () => {
    const estimated = kernels.choose(small);
    kernels.beginRun();
    const beside = kernels.beginRun();
    const other = candidates(small, traits).find(({ kind }) => kind === 'register');
    beside.pin(beside.pinned());
    beside.pin(JSON.stringify({ [keyOf(large)]: 'broadcast 4x24' }));
    expect(() => beside.pin(JSON.stringify({ [keyOf(small)]: variantId(other!) }))).toThrow(
      expect.objectContaining({ code: 'internal.invariant' }),
    );
    expect(kernels.choose(small)).toEqual(estimated);
  });
});
