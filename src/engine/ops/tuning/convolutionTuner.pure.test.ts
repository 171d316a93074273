// The tuner with a clock and timings of the test's own: order, budget, margin, failures, and what is stored.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConvPass, type ConvShape, convShape, keyOf } from '../conv2d/kernels/shape.ts';
import {
  type ConvVariant,
  candidates,
  chooseFilter,
  chooseGather,
  currentChoices,
  forgetChoices,
  KERNEL_VERSION,
  type Precision,
  variantId,
} from '../conv2d/kernels/variants.ts';
import { ConvolutionTuner } from './convolutionTuner.ts';
import { applyTuningTable, pinKernels, pinnedKernels, tuningTable } from './tuningTable.ts';

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

beforeEach(forgetChoices);
afterEach(forgetChoices);

/** Every timing takes `costMs` of the clock and says what `speed` says. */
function tunerOf(speed: (shape: ConvShape, variant: ConvVariant) => number, costMs = 10) {
  const timed: string[] = [];
  let now = 0;
  const tuner = new ConvolutionTuner({
    traits,
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
    expect(chooseGather(small, traits).kind).toBe('broadcast');
    expect(chooseFilter(toFilter, traits).kind).toBe('broadcast filter');
    const { tuner } = tunerOf((_, { kind }) => (kind.startsWith('register') ? 0.5 : 1));
    expect(tuner.remaining()).toBe(2);
    expect(await tuner.tune()).toEqual({ tuned: 2, changed: 2, remaining: 0 });
    expect(chooseGather(small, traits).kind).toBe('register');
    expect(chooseFilter(toFilter, traits).kind).toBe('register filter');
  });

  it('keeps the estimate where the difference is within the noise', async () => {
    const estimated = chooseGather(small, traits);
    const { tuner } = tunerOf(prefer('register', 0.97));
    expect(await tuner.tune()).toEqual({ tuned: 1, changed: 0, remaining: 0 });
    expect(chooseGather(small, traits)).toEqual(estimated);
  });

  it('times the most expensive pass first, stops at the end of the budget, and goes on where it stopped', async () => {
    chooseGather(small, traits);
    chooseGather(large, traits);
    const { tuner, timed } = tunerOf(prefer('register', 0.5));
    expect(await tuner.tune(25)).toEqual({ tuned: 0, changed: 0, remaining: 2 });
    expect(timed).toHaveLength(3);
    expect(timed.every((entry) => entry.startsWith(keyOf(large)))).toBe(true);
    expect(chooseGather(large, traits).kind).toBe('broadcast');
    expect(await tuner.tune(1000)).toEqual({ tuned: 2, changed: 2, remaining: 0 });
    expect(new Set(timed).size).toBe(timed.length);
    expect(await tuner.tune(1000)).toEqual({ tuned: 0, changed: 0, remaining: 0 });
  });

  it('gets on with a budget of nothing, one timing a call', async () => {
    chooseGather(small, traits);
    const { tuner, timed } = tunerOf(() => 1);
    await tuner.tune(0);
    expect(timed).toHaveLength(1);
    for (let i = 0; i < 20 && tuner.remaining() > 0; i++) await tuner.tune(0);
    expect(tuner.remaining()).toBe(0);
  });

  it('lets a candidate lose that cannot run, and stays with the estimate if none can', async () => {
    chooseGather(small, traits);
    const { tuner } = tunerOf((_, { kind }) => (kind === 'broadcast' ? Number.NaN : 5));
    await tuner.tune();
    expect(chooseGather(small, traits).kind).toBe('register');
    forgetChoices();
    const estimated = chooseGather(small, traits);
    await tunerOf(() => Number.NaN).tuner.tune();
    expect(chooseGather(small, traits)).toEqual(estimated);
  });
});

describe('on a GPU', () => {
  const timedWith = async (precision?: Precision): Promise<string[]> => {
    chooseGather(large, card);
    const timed: string[] = [];
    const measure = async (_: ConvShape, variant: ConvVariant) => {
      timed.push(variantId(variant));
      return variantId(variant) === 'tiled 64x32 f16' ? 0.1 : variant.kind === 'tiled' ? 0.5 : 1;
    };
    const tuner = new ConvolutionTuner({
      traits: card,
      nowMs: () => 0,
      measure,
      ...(precision === undefined ? {} : { precision }),
    });
    await tuner.tune();
    return timed;
  };

  it('tiles in workgroup memory are timed, and those with f16 only if they are asked for', async () => {
    expect(candidates(large, traits).some(({ kind }) => kind === 'tiled')).toBe(false);
    expect(chooseGather(large, card).kind).toBe('register');
    const timed = await timedWith();
    expect(timed).toContain('tiled 64x32');
    expect(timed.filter((id) => id.includes('f16'))).toEqual([]);
    expect(variantId(chooseGather(large, card))).toBe('tiled 64x32');
    forgetChoices();
    expect(await timedWith('f16')).toContain('tiled 64x32 f16');
    expect(variantId(chooseGather(large, card))).toBe('tiled 64x32 f16');
    const pinned = pinnedKernels();
    forgetChoices();
    pinKernels(pinned);
    expect(variantId(chooseGather(large, card))).toBe('tiled 64x32 f16');
  });

  it('refuses f16 where the adapter has none', async () => {
    chooseGather(large, { ...card, half: false });
    const tuner = new ConvolutionTuner({
      traits: { ...card, half: false },
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
    chooseGather(small, traits);
    await tunerOf(prefer('register', 0.5)).tuner.tune();
    return JSON.parse(JSON.stringify(tuningTable(adapter))) as Record<string, unknown>;
  };

  it('brings the choices back, without measuring again', async () => {
    const table = await stored();
    const choices = currentChoices();
    forgetChoices();
    expect(chooseGather(small, traits).kind).toBe('broadcast');
    forgetChoices();
    expect(applyTuningTable(table, adapter)).toBeNull();
    expect(chooseGather(small, traits).kind).toBe('register');
    expect(currentChoices()).toEqual(choices);
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
    forgetChoices();
    expect(applyTuningTable(change(table), adapter)).toMatch(reason);
    expect(chooseGather(small, traits).kind).toBe('broadcast');
  });

  it('passes over an id that is no candidate', async () => {
    const table = { ...(await stored()), choices: { [keyOf(small)]: 'magic 9x9' } };
    forgetChoices();
    expect(applyTuningTable(table, adapter)).toBeNull();
    expect(chooseGather(small, traits)).toEqual(candidates(small, traits)[0]);
    expect(tunerOf(() => 1).tuner.remaining()).toBe(1);
  });
});

describe('the kernels of a run', () => {
  it('come back with its checkpoint, whatever was measured in between, and stay open to measurement later', async () => {
    const estimated = chooseGather(small, traits);
    const pinned = pinnedKernels();
    await tunerOf(prefer('register', 0.5)).tuner.tune();
    expect(chooseGather(small, traits).kind).toBe('register');
    expect(tuningTable('a card').choices).toEqual({ [keyOf(small)]: variantId(chooseGather(small, traits)) });
    pinKernels(pinned);
    expect(chooseGather(small, traits)).toEqual(estimated);
    expect(tuningTable('a card').choices).toEqual({});
    expect(tunerOf(() => 1).tuner.remaining()).toBe(1);
  });

  it.each(['', '{"a": 1}', '[]', '{'])('are left alone by the text %j', (text) => {
    const estimated = chooseGather(small, traits);
    pinKernels(text);
    expect(chooseGather(small, traits)).toEqual(estimated);
  });
});
