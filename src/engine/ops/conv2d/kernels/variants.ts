// Which register tile a convolution gets: a table of candidates, and a choice by an estimate of the work. A tuner that times
// the candidates needs only this file: `...Candidates` lists what to time, `adopt...` keeps what won, `choose...` decides.

/** The shape of a gathering pass, as far as the choice depends on it. */
export interface GatherShape {
  /** Positions of a row that one thread's pixels come from. */
  readonly width: number;
  /** Channels that are summed over, and that come out. */
  readonly inner: number;
  readonly outer: number;
  /** Whether the adapter computes on the CPU. */
  readonly software: boolean;
}
export interface GatherTile {
  readonly pixels: number;
  readonly outputs: number;
  readonly depth: 1 | 4;
}

export interface FilterGradientShape {
  readonly inChannels: number;
  readonly outChannels: number;
}
export interface FilterGradientTile {
  readonly inputs: number;
  readonly outputs: number;
}

/** More sums than this do not stay in registers, and on a software adapter their program takes seconds to compile. */
const MAX_SUMS = 32;
const MAX_FILTER_SUMS = 64;
/** What a load costs against a multiply-add, in the estimate. */
const LOAD_COST = 8;

// Few sizes, so that layers share programs: each has to be compiled before the first step.
const GATHER_TILES = [2, 4].flatMap((pixels) => [1, 3, 4, 5, 8].map((outputs) => ({ pixels, outputs })));
const FILTER_GRADIENT_TILES: readonly FilterGradientTile[] = [1, 3, 4, 5, 8].flatMap((inputs) =>
  [1, 3, 4, 5, 8].map((outputs) => ({ inputs, outputs })),
);

/** The tiles that are worth timing for a shape, cheapest estimate first. */
export function gatherCandidates(shape: GatherShape): GatherTile[] {
  // lavapipe and SwiftShader load lane by lane whatever the width, and compile the shorter text in a third of the time.
  const depths: readonly GatherTile['depth'][] = shape.inner % 4 !== 0 ? [1] : shape.software ? [1, 4] : [4, 1];
  return depths.flatMap((depth) =>
    ranked(
      GATHER_TILES.map((tile): GatherTile => ({ ...tile, depth })),
      ({ pixels, outputs }) => {
        if (pixels * outputs > MAX_SUMS || !keepsVectors(shape.outer, outputs)) return Number.POSITIVE_INFINITY;
        const tiles = Math.ceil(shape.width / pixels) * Math.ceil(shape.outer / outputs);
        return tiles * (LOAD_COST * (pixels + outputs) + pixels * outputs);
      },
    ),
  );
}

export function filterGradientCandidates({ inChannels, outChannels }: FilterGradientShape): FilterGradientTile[] {
  return ranked(FILTER_GRADIENT_TILES, ({ inputs, outputs }) => {
    if (inputs * outputs > MAX_FILTER_SUMS || !keepsVectors(inChannels, inputs) || !keepsVectors(outChannels, outputs))
      return Number.POSITIVE_INFINITY;
    const tiles = Math.ceil(inChannels / inputs) * Math.ceil(outChannels / outputs);
    return tiles * (LOAD_COST * (inputs + outputs) + inputs * outputs);
  });
}

const gatherChoices = new Map<string, GatherTile>();
const filterGradientChoices = new Map<string, FilterGradientTile>();

export function chooseGather(shape: GatherShape): GatherTile {
  return remembered(gatherChoices, gatherKey(shape), () => gatherCandidates(shape));
}

/** From now on `shape` gets `tile`, whatever the estimate says: for a measured choice. Values stay the same but for rounding. */
export function adoptGather(shape: GatherShape, tile: GatherTile): void {
  gatherChoices.set(gatherKey(shape), tile);
}

const gatherKey = ({ width, inner, outer, software }: GatherShape): string => `${width} ${inner} ${outer} ${software}`;

export function chooseFilterGradient(shape: FilterGradientShape): FilterGradientTile {
  return remembered(filterGradientChoices, filterGradientKey(shape), () => filterGradientCandidates(shape));
}

export function adoptFilterGradient(shape: FilterGradientShape, tile: FilterGradientTile): void {
  filterGradientChoices.set(filterGradientKey(shape), tile);
}

const filterGradientKey = ({ inChannels, outChannels }: FilterGradientShape): string => `${inChannels} ${outChannels}`;

/** Channels in fours are loaded in fours. */
function keepsVectors(channels: number, tile: number): boolean {
  return channels % 4 !== 0 || tile % 4 === 0;
}

function ranked<T>(table: readonly T[], cost: (entry: T) => number): T[] {
  return table
    .map((entry) => ({ entry, cost: cost(entry) }))
    .filter((candidate) => Number.isFinite(candidate.cost))
    .sort((a, b) => a.cost - b.cost)
    .map((candidate) => candidate.entry);
}

function remembered<T>(choices: Map<string, T>, key: string, candidates: () => T[]): T {
  let choice = choices.get(key);
  if (choice === undefined) {
    const [best] = candidates();
    if (best === undefined) throw new RangeError(`No register tile fits ${key}.`); // the tables hold 1x1 and 4x4
    choice = best;
    choices.set(key, choice);
  }
  return choice;
}
