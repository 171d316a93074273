// Which kernel a pass of a convolution gets: a table of candidates, a choice by an estimate of the work, and measured choices
// that replace it. A tuner needs only this file and `runConvolution`: `candidates` lists what to time, `adopt` keeps what
// won, `askedShapes` tells what a network needs.
import { StudioError } from '../../../../domain/errors.ts';
import { type ConvShape, keyOf } from './shape.ts';

/** The two passes that gather: a tile of neighbouring pixels times channels per thread, all loads by the thread itself. */
export interface RegisterGather {
  readonly kind: 'register';
  readonly pixels: number;
  readonly outputs: number;
  /** Channels summed in one round. */
  readonly depth: 1 | 4;
}
/** The same with weights that a subgroup loads together. */
export interface BroadcastGather {
  readonly kind: 'broadcast';
  readonly pixels: number;
  readonly outputs: number;
}
/** The gradient to the filter: a tile of input times output channels of one tap per thread. */
export interface RegisterFilter {
  readonly kind: 'register filter';
  readonly inputs: number;
  readonly outputs: number;
}
/** The same with dy that a subgroup loads together; four rows of the filter per thread. */
export interface BroadcastFilter {
  readonly kind: 'broadcast filter';
  readonly outputs: number;
  /** The pixels are summed in more slices by this factor: more threads, more to add up after them. */
  readonly splits: number;
}
/** Either as a product of tiles in workgroup memory: pixels times channels. GPUs only; an adapter that computes on the CPU has none. */
export interface TiledGather {
  readonly kind: 'tiled';
  readonly rows: number;
  readonly outputs: number;
  /** Of what lies in workgroup memory; sums are f32. f16 is for adapters with `shader-f16`, and only where it is asked for. */
  readonly precision: Precision;
}
/** The gradient to the filter in the same way: rows of the filter times channels. */
export interface TiledFilter {
  readonly kind: 'tiled filter';
  readonly rows: number;
  readonly outputs: number;
  readonly precision: Precision;
}
/** `f16` rounds inputs to 11 bits and overflows above 65504: other numbers, so a choice of the user and not of the tuner. */
export type Precision = 'f32' | 'f16';
export type GatherVariant = RegisterGather | BroadcastGather | TiledGather;
export type FilterVariant = RegisterFilter | BroadcastFilter | TiledFilter;
export type ConvVariant = GatherVariant | FilterVariant;

/** What the choice depends on beside the shape. */
export interface AdapterTraits {
  /** Whether the adapter computes on the CPU. */
  readonly software: boolean;
  /** Lanes that every subgroup has at least; null where programs cannot use subgroups. */
  readonly lanes: number | null;
  /** Whether programs may compute with f16. */
  readonly half: boolean;
}

/**
 * Stored choices of another version are void. To be raised by whoever changes a kernel or the meaning of a variant.
 */
export const KERNEL_VERSION = 3;

/** Stable name of a variant, for storage: [kind, numbers]. */
export function variantId(variant: ConvVariant): string {
  switch (variant.kind) {
    case 'register':
      return `register ${variant.pixels}x${variant.outputs}x${variant.depth}`;
    case 'broadcast':
      return `broadcast ${variant.pixels}x${variant.outputs}`;
    case 'register filter':
      return `register ${variant.inputs}x${variant.outputs}`;
    case 'broadcast filter':
      return `broadcast ${variant.outputs}/${variant.splits}`;
    case 'tiled':
    case 'tiled filter':
      return `tiled ${variant.rows}x${variant.outputs}${variant.precision === 'f16' ? ' f16' : ''}`;
  }
}

/** Of the two passes that gather. */
function gatherCandidates(shape: ConvShape, traits: AdapterTraits, precision: Precision): GatherVariant[] {
  const { inner, outer, width } = gathered(shape);
  const registers = REGISTER_GATHERS.flatMap(({ pixels, outputs }) => {
    if (pixels * outputs > MAX_SUMS || !keepsVectors(outer, outputs)) return [];
    const tiles = Math.ceil(width / pixels) * Math.ceil(outer / outputs);
    const cost = tiles * (LOAD_COST * (pixels + outputs) + pixels * outputs);
    const depths: readonly (1 | 4)[] = inner % 4 === 0 ? [1, 4] : [1];
    // lavapipe and SwiftShader load lane by lane whatever the width, and compile the shorter text in a third of the time.
    return depths.map((depth) => ({
      entry: { kind: 'register', pixels, outputs, depth } as const,
      cost: cost * (depth === (traits.software || inner % 4 !== 0 ? 1 : 4) ? 1 : 1000),
    }));
  });
  const { lanes } = traits;
  // With reflection, the gradient to the input reads a pixel in up to nine places: the register kernel alone does that.
  const canBroadcast = lanes !== null && !(shape.reflect && shape.pass === 'toInput');
  const broadcasts = canBroadcast
    ? BROADCAST_GATHERS.flatMap(({ pixels, outputs, use }) => {
        const tiles = Math.ceil(width / pixels) * Math.ceil(outer / outputs);
        const cost = tiles * (LOAD_COST * (pixels + outputs / lanes) + pixels * outputs) * rarity(use, outer);
        return [{ entry: { kind: 'broadcast', pixels, outputs } as const, cost }];
      })
    : [];
  if (traits.software) return [...ranked(broadcasts), ...ranked(registers)];
  const isTiled = !(shape.reflect && shape.pass === 'toInput');
  const tiles = isTiled ? tilesFor(outer, precision).map((tile) => ({ kind: 'tiled', ...tile }) as const) : [];
  return [...ranked(registers), ...tiles, ...ranked(broadcasts)];
}

/** Tiles of pixels (or rows of the filter) times channels, those that waste least of the channels first, f32 before f16. */
function tilesFor(channels: number, precision: Precision): { rows: number; outputs: number; precision: Precision }[] {
  const sizes = ranked(
    TILES.map((tile) => ({ entry: tile, cost: Math.ceil(channels / tile.outputs) * (tile.outputs + TILE_LOADS) })),
  );
  const precisions: readonly Precision[] = precision === 'f16' ? ['f32', 'f16'] : ['f32'];
  return precisions.flatMap((each) => sizes.map((tile) => ({ ...tile, precision: each })));
}

/** As `gatherCandidates`, for the gradient to the filter. */
function filterCandidates(
  { inChannels, outChannels }: ConvShape,
  { software, lanes }: AdapterTraits,
  precision: Precision,
): FilterVariant[] {
  const registers = REGISTER_FILTERS.flatMap(({ inputs, outputs }) => {
    if (inputs * outputs > MAX_FILTER_SUMS || !keepsVectors(inChannels, inputs) || !keepsVectors(outChannels, outputs))
      return [];
    const tiles = Math.ceil(inChannels / inputs) * Math.ceil(outChannels / outputs);
    const cost = tiles * (LOAD_COST * (inputs + outputs) + inputs * outputs);
    return [{ entry: { kind: 'register filter', inputs, outputs } as const, cost }];
  });
  const broadcasts =
    lanes === null
      ? []
      : BROADCAST_FILTERS.flatMap(({ outputs, splits, use }) => {
          const tiles = Math.ceil(outChannels / outputs);
          const cost = tiles * (LOAD_COST * (4 + outputs / lanes) + 4 * outputs) * rarity(use, outChannels) * splits;
          return [{ entry: { kind: 'broadcast filter', outputs, splits } as const, cost }];
        });
  if (software) return [...ranked(broadcasts), ...ranked(registers)];
  const tiles = tilesFor(outChannels, precision).map((tile) => ({ kind: 'tiled filter', ...tile }) as const);
  return [...ranked(registers), ...tiles, ...ranked(broadcasts)];
}

/** The variants that are worth timing for a pass, cheapest estimate first; with `precision` f16 those that store it, too. */
export function candidates(shape: ConvShape, traits: AdapterTraits, precision: Precision = 'f32'): ConvVariant[] {
  if (precision === 'f16' && !traits.half) {
    throw new StudioError(
      'config.unmet-need',
      'Kernels with 16-bit numbers need an adapter with the feature shader-f16.',
      'Measure with precision f32.',
      { precision },
    );
  }
  return shape.pass === 'toFilter'
    ? filterCandidates(shape, traits, precision)
    : gatherCandidates(shape, traits, precision);
}

// --- choices -------------------------------------------------------------------------------------------------------

interface Choice<Variant> {
  readonly shape: ConvShape;
  readonly variant: Variant;
  /** False where the estimate decided. */
  readonly measured: boolean;
}
const gatherChoices = new Map<string, Choice<GatherVariant>>();
const filterChoices = new Map<string, Choice<FilterVariant>>();
/** Made before, for passes that nobody has asked for since. */
const expected = new Map<string, { readonly id: string; readonly measured: boolean }>();

export function chooseGather(shape: ConvShape, traits: AdapterTraits): GatherVariant {
  return remembered(gatherChoices, shape, () => gatherCandidates(shape, traits, widest(traits)));
}

// A choice made before may be one with f16; by estimate it never is.
const widest = ({ half }: AdapterTraits): Precision => (half ? 'f16' : 'f32');

export function chooseFilter(shape: ConvShape, traits: AdapterTraits): FilterVariant {
  return remembered(filterChoices, shape, () => filterCandidates(shape, traits, widest(traits)));
}

/**
 * From now on passes of this shape get `variant`, whatever the estimate says. Another variant may add up in another order,
 * and a recorded step keeps what it was recorded with: never in the middle of a run.
 */
export function adopt(shape: ConvShape, variant: ConvVariant): void {
  const key = keyOf(shape);
  if (isFilterVariant(variant)) filterChoices.set(key, { shape, variant, measured: true });
  else gatherChoices.set(key, { shape, variant, measured: true });
}

/** The passes that have been asked for or adopted, and whether their choice was measured. */
export function askedShapes(): { readonly shape: ConvShape; readonly measured: boolean }[] {
  return [...gatherChoices.values(), ...filterChoices.values()].map(({ shape, measured }) => ({ shape, measured }));
}

/** What every pass that has been asked for or adopted runs with, by key; estimates too: what a run has to find again. */
export function currentChoices(): Record<string, string> {
  return idsOf([...gatherChoices, ...filterChoices]);
}

/** Of `currentChoices` those that were measured: what is worth storing for an adapter. */
export function measuredChoices(): Record<string, string> {
  return idsOf([...gatherChoices, ...filterChoices].filter(([, { measured }]) => measured));
}

/**
 * Choices made before: from now on these passes run with them, whether they have been asked for or will be. An id that is
 * no candidate is passed over. `measured` choices are not measured again. Before a run only, as `adopt`.
 */
export function expectChoices(choices: Readonly<Record<string, string>>, measured: boolean): void {
  for (const [key, id] of Object.entries(choices)) {
    expected.set(key, { id, measured });
    gatherChoices.delete(key);
    filterChoices.delete(key);
  }
}

/** Forgets choices and what was asked for: another adapter, another run, or a test. */
export function forgetChoices(): void {
  gatherChoices.clear();
  filterChoices.clear();
  expected.clear();
}

function idsOf(choices: readonly (readonly [string, Choice<ConvVariant>])[]): Record<string, string> {
  return Object.fromEntries(choices.map(([key, { variant }]) => [key, variantId(variant)]));
}

export function isFilterVariant(variant: ConvVariant): variant is FilterVariant {
  return variant.kind === 'register filter' || variant.kind === 'broadcast filter' || variant.kind === 'tiled filter';
}

function remembered<Variant extends ConvVariant>(
  choices: Map<string, Choice<Variant>>,
  shape: ConvShape,
  list: () => readonly Variant[],
): Variant {
  const key = keyOf(shape);
  let choice = choices.get(key);
  if (choice === undefined) {
    const all = list();
    const earlier = expected.get(key);
    const same = all.find((variant) => variantId(variant) === earlier?.id);
    const best = same ?? all[0];
    if (best === undefined) throw new RangeError(`No kernel fits ${key}.`); // the tables hold 1x1 and 4x4
    choice = { shape, variant: best, measured: same !== undefined && earlier?.measured === true };
    choices.set(key, choice);
  }
  return choice.variant;
}

// --- tables and estimates ------------------------------------------------------------------------------------------

/** More sums than this do not stay in registers, and on a software adapter their program takes seconds to compile. */
const MAX_SUMS = 32;
const MAX_FILTER_SUMS = 64;
/** What a load costs against a multiply-add, in the estimate. */
const LOAD_COST = 8;

/**
 * How much cheaper a size that few layers share has to be by estimate before it is compiled unmeasured. 16 channels out of a
 * tile of 24 waste a third, which is worth a program; others save less than compiling costs.
 */
const RARE = 1000;
const FITTING = 1.2;
const rarity = (use: Use, channelsOut: number): number => {
  if (use === 'common' || channelsOut <= 4) return 1;
  return use === 'fitting' ? FITTING : RARE;
};
// Few sizes, so that layers share programs: each has to be compiled before the first step.
const REGISTER_GATHERS = [2, 4].flatMap((pixels) => [1, 3, 4, 5, 8].map((outputs) => ({ pixels, outputs })));
// 12 and 24 leave little of usual channel counts unused, and 16 where they do; the others are for the tuner to try.
type Use = 'common' | 'fitting' | 'measured';
const BROADCAST_GATHERS = [
  { pixels: 4, outputs: 12, use: 'common' },
  { pixels: 4, outputs: 24, use: 'common' },
  { pixels: 4, outputs: 4, use: 'measured' },
  { pixels: 4, outputs: 16, use: 'fitting' },
  { pixels: 4, outputs: 20, use: 'measured' },
  { pixels: 2, outputs: 24, use: 'measured' },
] as const satisfies readonly { pixels: number; outputs: number; use: Use }[];
/** Of the tiled kernels; 64x64 gives a thread 16 sums. */
const TILES = [
  { rows: 64, outputs: 64 },
  { rows: 64, outputs: 32 },
  { rows: 32, outputs: 32 },
] as const;
/** What a tile's loads cost against its channels, in the estimate. */
const TILE_LOADS = 32;
const REGISTER_FILTERS = [1, 3, 4, 5, 8].flatMap((inputs) => [1, 3, 4, 5, 8].map((outputs) => ({ inputs, outputs })));
const filterUse = (outputs: number): Use => (outputs % 12 === 0 ? 'common' : outputs === 16 ? 'fitting' : 'measured');
const BROADCAST_FILTERS = [4, 12, 16, 20, 24].flatMap((outputs) =>
  [1, 4].map((splits) => ({ outputs, splits, use: splits === 1 ? filterUse(outputs) : 'measured' })),
);

/** Of a gathering pass: channels summed, channels out, and positions of a row that a thread's pixels come from. */
function gathered(shape: ConvShape): { inner: number; outer: number; width: number } {
  const { pass, inChannels, outChannels, inWidth, outWidth, stride, reflect } = shape;
  return pass === 'forward'
    ? { inner: inChannels, outer: outChannels, width: outWidth }
    : { inner: outChannels, outer: inChannels, width: reflect ? inWidth : Math.ceil(inWidth / stride[1]) };
}

/** Channels in fours are loaded in fours. */
function keepsVectors(channels: number, tile: number): boolean {
  return channels % 4 !== 0 || tile % 4 === 0;
}

function ranked<T>(table: readonly { readonly entry: T; readonly cost: number }[]): T[] {
  return [...table].sort((a, b) => a.cost - b.cost).map(({ entry }) => entry);
}
