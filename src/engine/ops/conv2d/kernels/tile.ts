// What the WGSL of the convolution family shares: windows, filters as matrices, loops written out over register tiles.
import { vectorType } from '../../../gpu/wgsl.ts';
import type { ResolvedConv } from '../../core/geometry.ts';

/** 0 ... count - 1. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** One line per index, joined. */
export function lines(count: number, line: (i: number) => string): string {
  return range(count).map(line).join('\n');
}

export const COMPONENTS = ['x', 'y', 'z', 'w'] as const;

/** Threads of a workgroup: two waves on most GPUs; nothing is shared between them. */
export const WORKGROUP_SIZE = 64;

/**
 * WGSL functions that fold an index into a map: `inside` says whether it lies in it, `folded` where to read. With zero
 * padding the place read outside does not matter (it is multiplied away), with reflection everything is inside.
 */
export function borderFunctions(reflect: boolean): string {
  return reflect
    ? `fn inside(i: i32, size: i32) -> bool { return true; }
fn folded(i: i32, size: i32) -> i32 { let j = abs(i); return clamp(select(j, 2 * (size - 1) - j, j >= size), 0, size - 1); }`
    : `fn inside(i: i32, size: i32) -> bool { return i >= 0 && i < size; }
fn folded(i: i32, size: i32) -> i32 { return clamp(i, 0, size - 1); }`;
}

/** WGSL function `activated`: what is stored of a sum. The uniform `slope` is the factor below 0, and 1 changes no bit. */
export function activatedFunction(vectors: boolean): string {
  const type = vectors ? 'vec4<f32>' : 'f32';
  return `fn activated(sum: ${type}) -> ${type} { return select(u.slope * sum, sum, sum > ${type}()); }`;
}

/** Uniforms of a window that slides over a map, and their values. */
export const WINDOW = {
  strideY: 'i32',
  strideX: 'i32',
  dilationY: 'i32',
  dilationX: 'i32',
  top: 'i32',
  left: 'i32',
} as const;
export function windowOf({ stride, dilation }: Pick<ResolvedConv, 'stride' | 'dilation'>, top: number, left: number) {
  return { strideY: stride[0], strideX: stride[1], dilationY: dilation[0], dilationX: dilation[1], top, left };
}

/** How far `tap` of the filter reads from where its window begins. */
export const TAP_SHIFT = `  let shiftY = (tap / u.kernelWidth) * u.dilationY - u.top;
  let shiftX = (tap % u.kernelWidth) * u.dilationX - u.left;`;

/** The same for row `place` (WGSL) of the filter as a matrix, whose channel is `c`: names end with `i`. */
export function filterRow(i: number, place: string): string {
  return `  let r${i} = min(${place}, u.filterRows - 1);
  let c${i} = r${i} % u.inChannels;
  let shiftY${i} = (r${i} / u.inChannels / u.kernelWidth) * u.dilationY - u.top;
  let shiftX${i} = ((r${i} / u.inChannels) % u.kernelWidth) * u.dilationX - u.left;`;
}

/** Sums of the register tile a0_0, a0_1, ... from one column of a line on: as many as a store writes. */
export function sumsAt(line: number, column: number, vectors: boolean): string {
  if (!vectors) return `a${line}_${column}`;
  return `vec4<f32>(${range(4)
    .map((k) => `a${line}_${column + k}`)
    .join(', ')})`;
}

export interface StoredTile {
  readonly lines: number;
  readonly columns: number;
  readonly vectors: boolean;
  /** In a loop over an array: a third of the text to compile where each store becomes a branch per lane. */
  readonly looped: boolean;
}

/** Stores all sums of a register tile after the statement `first`; `write` sees line and column (WGSL) and what to store. */
export function storeTile(
  { lines: count, columns, vectors, looped }: StoredTile,
  write: (line: string, column: string, stored: string) => string,
  first = '',
): string {
  const width = vectors ? 4 : 1;
  const perLine = columns / width;
  const stores = range(count * perLine).map((i) => [Math.floor(i / perLine), (i % perLine) * width] as const);
  if (!looped) {
    return first + stores.map(([line, n]) => write(`${line}`, `${n}`, sumsAt(line, n, vectors))).join('\n');
  }
  return `  var sums: array<${vectors ? 'vec4<f32>' : 'f32'}, ${stores.length}>;
${stores.map(([line, n], i) => `  sums[${i}] = ${sumsAt(line, n, vectors)};`).join('\n')}
${first}  for (var i = 0; i < u.stores; i++) ${write(`i / ${perLine}`, `(i % ${perLine}) * ${width}`, 'sums[i]')}`;
}

/** What a text with subgroups begins with. */
export const SUBGROUPS = `enable subgroups;
diagnostic(off, subgroup_uniformity);`;

/**
 * Statements that hand what the lanes have loaded as `loaded`0, `loaded`1, ... (numbers [depth, outputs], in order) to every
 * thread, and add its products with `value` of each line to the sums.
 */
export function broadcastProducts(
  { depth, outputs, lanes }: { readonly depth: number; readonly outputs: number; readonly lanes: number },
  loaded: string,
  count: number,
  value: (line: number, k: number) => string,
): string {
  return lines(outputs, (n) => {
    const shared = range(depth).map((k) => {
      const number = k * outputs + n;
      return `let b${n}_${k} = subgroupBroadcast(${loaded}${Math.floor(number / lanes)}, ${number % lanes}u);`;
    });
    const adds = range(count).map((line) => {
      const terms = range(depth).map((k) => `${value(line, k)} * b${n}_${k}`);
      return `a${line}_${n} += ${terms.join(' + ')};`;
    });
    return [...shared, ...adds].join('\n');
  });
}

/** Type of a buffer that is read or written four floats at once, where every pixel starts at a multiple of four. */
export function floats(vectors: boolean): 'f32' | 'vec4f' {
  return vectorType(vectors ? 4 : 1);
}
