// WGSL of all three passes as products of tiles in workgroup memory (implicit GEMM): the threads of a workgroup load 16 steps of
// the sum for all its rows and columns once, and each multiplies 16 apart. For GPUs, where a register tile's loads would
// come from the cache again for every thread. With `half` both tiles are stored as f16, the sums stay f32.
import { defineKernel } from '../../../gpu/kernel.ts';
import { BROADCAST_UNIFORMS } from './broadcast.wgsl.ts';
import { FILTER_BROADCAST_UNIFORMS } from './filterBroadcast.wgsl.ts';
import { activatedFunction, borderFunctions, filterRow, lines } from './tile.ts';

export type TiledSpec = {
  readonly reflect: boolean;
  /** Pixels (or rows of the filter) and channels of a workgroup's tile: multiples of 16. */
  readonly rows: number;
  readonly outputs: number;
  readonly half: boolean;
};

/** Threads of a workgroup: SIDE x SIDE, and SIDE terms of the sum a round. */
const SIDE = 16;
export const TILED_THREADS = SIDE * SIDE;

export const tiledGatherKernel = defineKernel({
  name: 'convTiled',
  uniforms: BROADCAST_UNIFORMS,
  inputs: { source: 'f32', weights: 'f32', bias: 'f32' },
  outputs: { result: 'f32' },
  head,
  wgsl: tiledGatherWgsl,
});

export const tiledFilterKernel = defineKernel({
  name: 'convFilterTiled',
  uniforms: FILTER_BROADCAST_UNIFORMS,
  inputs: { source: 'f32', upstream: 'f32' },
  outputs: { result: 'f32' },
  head,
  wgsl: tiledFilterWgsl,
});

// What a thread loads of the first tile, and multiplies: rows `line`, `line` + 16, ...; of channels `column`, `column` + 16, ...
const perThread = (size: number): number => size / SIDE;

function tiledGatherWgsl(spec: TiledSpec): string {
  const { reflect, rows, outputs } = spec;
  const pixels = perThread(rows);
  return `${tiles(spec)}
${borderFunctions(reflect)}
${activatedFunction(false)}
${entry}
  let firstPixel = (work % u.groups) * ${rows};
  let first = (work / u.groups) * ${outputs};
  let phaseY = i32(group.z) / u.phasesX;
  let phaseX = i32(group.z) % u.phasesX;
${lines(
  pixels,
  (p) => `  let pixel${p} = firstPixel + line + ${p * SIDE};
  let mx${p} = pixel${p} % u.spanWidth;
  let my${p} = (pixel${p} / u.spanWidth) % u.spanHeight;
  let isLive${p} = pixel${p} < u.batch * u.spanHeight * u.spanWidth;
  let image${p} = min(pixel${p} / (u.spanWidth * u.spanHeight), u.batch - 1);`,
)}
${sumsFrom(spec, (n) => `select(0.0, bias[min(first + column + ${n * SIDE}, u.outer - 1)], u.hasBias != 0)`)}
  for (var ky = 0; ky < u.kernelHeight; ky++) {
    let ty = ky * u.tapY + u.shiftY + phaseY;
    if (ty % u.phasesY != 0) { continue; }
    for (var kx = 0; kx < u.kernelWidth; kx++) {
      let tx = kx * u.tapX + u.shiftX + phaseX;
      if (tx % u.phasesX != 0) { continue; }
      let tap = (ky * u.kernelWidth + kx) * u.inner * u.outer;
${lines(
  pixels,
  (p) => `      let y${p} = my${p} * u.stepY + ty / u.phasesY;
      let x${p} = mx${p} * u.stepX + tx / u.phasesX;
      let in${p} = isLive${p} && inside(y${p}, u.inHeight) && inside(x${p}, u.inWidth);
      let s${p} = ((image${p} * u.inHeight + folded(y${p}, u.inHeight)) * u.inWidth + folded(x${p}, u.inWidth)) * u.inner;`,
)}
      for (var k = 0; k < u.inner; k += ${SIDE}) {
        let channel = min(k + column, u.inner - 1);
        let isChannel = k + column < u.inner;
${lines(pixels, (p) => `        ${leftAt('column', `line + ${p * SIDE}`, rows)} = ${stored(spec, `select(0.0, source[s${p} + channel], in${p} && isChannel)`)};`)}
${lines(perThread(outputs), (j) => {
  const number = `(i32(thread) + ${j * TILED_THREADS})`;
  const weight = `weights[tap + min(k + ${number} / ${outputs}, u.inner - 1) * u.weightInner + min(first + ${number} % ${outputs}, u.outer - 1) * u.weightOuter]`;
  return `        right[${number}] = ${stored(spec, weight)};`;
})}
        workgroupBarrier();
${products(spec)}
        workgroupBarrier();
      }
    }
  }
${lines(
  pixels,
  (p) => `  { let qy = my${p} * u.phasesY + phaseY;
    let qx = mx${p} * u.phasesX + phaseX;
    if (isLive${p} && qy < u.outHeight && qx < u.outWidth) {
      let at = ((image${p} * u.outHeight + qy) * u.outWidth + qx) * u.outer;
${lines(perThread(outputs), (n) => `      { let o = first + column + ${n * SIDE}; if (o < u.outer) { result[at + o] = activated(a${p}_${n}); } }`)}
    } }`,
)}
}`;
}

function tiledFilterWgsl(spec: TiledSpec): string {
  const { reflect, rows, outputs } = spec;
  const number = (j: number): string => `(i32(thread) + ${j * TILED_THREADS})`;
  return `${tiles(spec)}
${borderFunctions(reflect)}
${entry}
  let firstRow = (work % u.rowGroups) * ${rows};
  let first = ((work / u.rowGroups) % u.outputTiles) * ${outputs};
  let slice = work / (u.rowGroups * u.outputTiles);
${lines(perThread(rows), (i) => filterRow(i, `firstRow + ${number(i)} % ${rows}`))}
${sumsFrom(spec, () => '0.0')}
  let last = min((slice + 1) * u.rowsPerSlice, u.rows) * u.outWidth;
  for (var pixel = slice * u.rowsPerSlice * u.outWidth; pixel < last; pixel += ${SIDE}) {
${lines(
  perThread(rows),
  (i) => `    { let p = min(pixel + ${number(i)} / ${rows}, last - 1);
      let isPixel = pixel + ${number(i)} / ${rows} < last;
      let y = ((p / u.outWidth) % u.outHeight) * u.strideY + shiftY${i};
      let x = (p % u.outWidth) * u.strideX + shiftX${i};
      let image = p / (u.outWidth * u.outHeight);
      let at = ((image * u.inHeight + folded(y, u.inHeight)) * u.inWidth + folded(x, u.inWidth)) * u.inChannels + c${i};
      let isIn = isPixel && inside(y, u.inHeight) && inside(x, u.inWidth);
      ${leftAt(`(${number(i)} / ${rows})`, `${number(i)} % ${rows}`, rows)} = ${stored(spec, 'select(0.0, source[at], isIn)')}; }`,
)}
${lines(
  perThread(outputs),
  (j) => `    { let p = min(pixel + ${number(j)} / ${outputs}, last - 1);
      right[${number(j)}] = ${stored(spec, `upstream[p * u.outChannels + min(first + ${number(j)} % ${outputs}, u.outChannels - 1)]`)}; }`,
)}
    workgroupBarrier();
${products(spec)}
    workgroupBarrier();
  }
${lines(
  perThread(rows),
  (i) => `  { let r = firstRow + line + ${i * SIDE};
    if (r < u.filterRows) {
      let at = (slice * u.filterRows + r) * u.outChannels;
${lines(perThread(outputs), (n) => `      { let o = first + column + ${n * SIDE}; if (o < u.outChannels) { result[at + o] = a${i}_${n}; } }`)}
    } }`,
)}
}`;
}

function head({ half }: TiledSpec): string {
  return half ? 'enable f16;' : '';
}

/** Rows of the first tile are a number longer than they need be: neighbouring threads then write into different banks. */
function tiles({ rows, outputs, half }: TiledSpec): string {
  const type = half ? 'f16' : 'f32';
  return `var<workgroup> left: array<${type}, ${SIDE * (rows + 1)}>;
var<workgroup> right: array<${type}, ${SIDE * outputs}>;`;
}

const entry = `@compute @workgroup_size(${TILED_THREADS})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let work = i32(group.x) + u.start;
  let column = i32(thread) % ${SIDE};
  let line = i32(thread) / ${SIDE};`;

const leftAt = (term: string, row: string, rows: number): string => `left[${term} * ${rows + 1} + ${row}]`;
const stored = ({ half }: TiledSpec, value: string): string => (half ? `f16(${value})` : value);

function sumsFrom({ rows, outputs }: TiledSpec, start: (n: number) => string): string {
  return lines(perThread(rows), (i) => lines(perThread(outputs), (n) => `  var a${i}_${n} = ${start(n)};`));
}

/** The terms that both tiles hold, added one after the other. */
function products({ rows, outputs }: TiledSpec): string {
  return `for (var term = 0; term < ${SIDE}; term++) {
${lines(perThread(rows), (i) => `  let l${i} = f32(${leftAt('term', `line + ${i * SIDE}`, rows)});`)}
${lines(perThread(outputs), (n) => `  let r${n} = f32(right[term * ${outputs} + column + ${n * SIDE}]);`)}
${lines(perThread(rows), (i) => lines(perThread(outputs), (n) => `  a${i}_${n} += l${i} * r${n};`))}
}`;
}
