// Which kernels are worth trying for a pass on an adapter: tables of sizes, in the order of an estimate of the work.
import { StudioError } from '../../../../domain/errors.ts';
import { hasHalfFloats, isSoftwareDevice, subgroupLanes } from '../../../gpu/program.ts';
import type { ConvShape } from '../kernels/shape.ts';
import type { ConvVariant, FilterVariant, GatherVariant, Precision } from './variants.ts';

/** What the choice depends on beside the shape. */
export interface AdapterTraits {
  /** Whether the adapter computes on the CPU. */
  readonly software: boolean;
  /** Lanes that every subgroup has at least; null where programs cannot use subgroups. */
  readonly lanes: number | null;
  /** Whether programs may compute with f16. */
  readonly half: boolean;
}

/** Those of the open device. */
export function traitsOfAdapter(): AdapterTraits {
  return { software: isSoftwareDevice(), lanes: subgroupLanes(), half: hasHalfFloats() };
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

// --- tables --------------------------------------------------------------------------------------------------------

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
