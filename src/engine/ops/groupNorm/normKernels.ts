// The WGSL of group, instance and batch normalisation. Every image is cut into chunks of pixels. One dispatch takes the
// moments of every chunk and channel; the next merges them where it needs them (each workgroup for its own channels, in one
// order) and writes the result. The gradient (normGradientKernels.ts) has the same two passes. Values of a channel are read before the loop over pixels: a store inside keeps a compiler from it.
import { type Bindings, defineKernel, type Kernel, type KernelDefinition, when } from '../../gpu/kernel.ts';
import type { ProgramSpec } from '../../gpu/program.ts';

/**
 * Threads of a workgroup: `lanes` channels side by side, times `rows` pixels. Where the adapter computes on the CPU small ones
 * do better: on lavapipe 16 percent of an adversarial step's dispatch time, where workgroups of 128 took 21 to 23.
 */
export const NORM_THREADS = { software: 32, hardware: 128 } as const;

export interface ThreadsSpec extends ProgramSpec {
  readonly threads: number;
}

/** Where mean and variance come from: every image, the whole batch, or given beforehand. */
export type StatisticsOver = 'image' | 'batch' | 'given';

export interface OverSpec extends ThreadsSpec {
  readonly over: StatisticsOver;
  /** Whether there are a scale and a shift. */
  readonly affine: boolean;
}
export interface TileSpec extends OverSpec {
  /** Room for the channels of a workgroup. */
  readonly tile: number;
}
export interface ApplySpec extends TileSpec {
  /** Whether a residual is bound; where there is none but room for it, another map is, and not read. */
  readonly residual: boolean;
  /** Whether running statistics are written. */
  readonly follows: boolean;
}

export const NORM_UNIFORMS = {
  batch: 'i32',
  pixels: 'i32',
  channels: 'i32',
  /** Pixels of a chunk, and chunks of an image. */
  chunk: 'i32',
  chunks: 'i32',
  groupChannels: 'i32',
  /** Threads: channels side by side, and pixels. */
  lanes: 'i32',
  rows: 'i32',
  /** Channels of a workgroup: whole groups of them. */
  tile: 'i32',
  epsilon: 'f32',
  slope: 'f32',
  /** Share of the new batch in running statistics, and count / (count - 1). */
  momentum: 'f32',
  unbiased: 'f32',
  /** Whether the residual is added. */
  adds: 'i32',
} as const;
export type NormUniform = keyof typeof NORM_UNIFORMS;

/** A kernel with these uniforms, whose text knows its number of threads. */
export function defineNorm<
  Spec extends ThreadsSpec,
  Inputs extends Bindings,
  Outputs extends Bindings,
  Updates extends Bindings = Readonly<Record<never, never>>,
>(
  definition: Omit<KernelDefinition<Spec, typeof NORM_UNIFORMS, Inputs, Updates, Outputs>, 'uniforms' | 'head'>,
): Kernel<Spec, NormUniform, Inputs, Updates, Outputs> {
  return defineKernel({
    ...definition,
    uniforms: NORM_UNIFORMS,
    head: ({ threads }) => `const THREADS = ${threads};`,
  });
}

export const ENTRY = `@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) localIndex: u32) {
  let thread = i32(localIndex);
  let image = i32(group.z);
  let start = i32(group.x) * u.chunk;
  let end = min(start + u.chunk, u.pixels);`;

/** A thread's place among lanes and rows of pixels. */
const PLACE = `let row = thread / u.lanes;
  let lane = thread - row * u.lanes;
  let isWorking = row < u.rows;`;

/** Sums `term` (vec2f) over a chunk for every channel; `prepare` runs once, `write` sees `sum`, `count` and `place`. */
export const perChunk = (prepare: string, term: string, write: string): string => `
var<workgroup> rowSums: array<vec2f, THREADS>;
${ENTRY}
  ${PLACE}
  let c = i32(group.y) * u.lanes + lane;
  let isInside = isWorking && c < u.channels;
  let base = image * u.pixels * u.channels + c;
  var sum = vec2f(0.0);
  var pivot = 0.0;
  if (isInside) {
    ${prepare}
    for (var pixel = start + row; pixel < end; pixel += u.rows) {
      let i = base + pixel * u.channels;
      ${term}
    }
  }
  rowSums[thread] = sum;
  workgroupBarrier();
  if (isInside && row == 0) {
    for (var other = 1; other < u.rows; other++) { sum += rowSums[other * u.lanes + lane]; }
    let count = f32(end - start);
    let place = (image * u.chunks + i32(group.x)) * u.channels + c;
    ${write}
  }
}`;

/** Mean and sum of squared deviations of every [image, chunk, channel]. Deviations are taken from a value of the chunk, so that nothing cancels. */
export const normMoments = defineNorm({
  name: 'normMoments',
  inputs: { x: 'f32' },
  outputs: { moments: 'vec2f' },
  wgsl: (_: ThreadsSpec) =>
    perChunk(
      'pivot = x[base + start * u.channels];',
      'let d = x[i] - pivot; sum += vec2f(d, d * d);',
      'let mean = sum.x / count; moments[place] = vec2f(pivot + mean, max(0.0, sum.y - sum.x * mean));',
    ),
});

/** First chunk and number of chunks that go into an image's statistics. */
export const CHUNK_RANGE = (over: StatisticsOver): string => `
fn firstChunk(image: i32) -> i32 { return ${over === 'batch' ? '0' : 'image * u.chunks'}; }
fn chunkCount() -> i32 { return ${over === 'batch' ? 'u.chunks * u.batch' : 'u.chunks'}; }
fn statisticAt(image: i32, c: i32) -> i32 {
  return ${over === 'image' ? 'image * (u.channels / u.groupChannels) + c / u.groupChannels' : 'c'};
}`;

// Chan, Golub and LeVeque 1979: means and sums of squared deviations, merged one after the other. Means are taken from the
// first, so that nothing cancels.
const mergeMoments = (tile: number): string => `
var<workgroup> merged: array<vec2f, ${tile}>;
var<workgroup> groupStatistics: array<vec2f, ${tile}>;
fn pixelsOf(chunk: i32) -> f32 { return f32(min(u.chunk, u.pixels - (chunk % u.chunks) * u.chunk)); }
fn mergeChannel(image: i32, c: i32) -> vec2f {
  let first = firstChunk(image);
  let end = first + chunkCount();
  var pivot = 0.0;
  var shift = 0.0;
  var spread = 0.0;
  var total = 0.0;
  for (var k = first; k < end; k++) {
    let chunk = moments[k * u.channels + c];
    if (k == first) { pivot = chunk.x; }
    let n = pixelsOf(k);
    let d = chunk.x - pivot - shift;
    shift += d * n / (total + n);
    spread += chunk.y + d * d * total * n / (total + n);
    total += n;
  }
  return vec2f(pivot + shift, spread / total);
}
fn mergeGroup(first: i32) -> vec2f {
  var pivot = 0.0;
  var shift = 0.0;
  var variance = 0.0;
  for (var k = 0; k < u.groupChannels; k++) {
    let channel = merged[first + k];
    if (k == 0) { pivot = channel.x; }
    let d = channel.x - pivot - shift;
    shift += d / f32(k + 1);
    variance += channel.y + d * d * f32(k) / f32(k + 1);
  }
  return vec2f(pivot + shift, variance / f32(u.groupChannels));
}`;

/** Channels of the workgroup's tile, from `tileStart`, `tileSize` of them. */
export const TILE = `let tileStart = i32(group.y) * u.tile;
  let tileSize = min(u.tile, u.channels - tileStart);`;

/** Visits all values of the workgroup's chunk and tile: `channel` once for each channel `c` (in the tile: `k`), `value` for each index `i`. */
export const perValue = (channel: string, value: string): string => `
  ${PLACE}
  if (!isWorking) { return; }
  for (var k = lane; k < tileSize; k += u.lanes) {
    let c = tileStart + k;
    ${channel}
    for (var pixel = start + row; pixel < end; pixel += u.rows) {
      let i = (image * u.pixels + pixel) * u.channels + c;
      ${value}
    }
  }`;

const FOLLOW = `let c = tileStart + g;
      runningMean[c] = (1.0 - u.momentum) * runningMean[c] + u.momentum * found.x;
      runningVariance[c] = (1.0 - u.momentum) * runningVariance[c] + u.momentum * u.unbiased * found.y;`;

/** Statistics of channels, as they are given or follow. */
const RUNNING = { runningMean: 'f32', runningVariance: 'f32' } as const;

/**
 * activation((x - mean) / sqrt(variance + epsilon) * gamma + beta + residual), and the statistics: mean, 1/deviation. Of a
 * batch's statistics the running ones may follow in place: one workgroup of every tile writes them, none reads them.
 */
export const normApply = defineNorm({
  name: 'normApply',
  inputs: ({ over, affine, residual }) => ({
    x: 'f32',
    ...when(over === 'given', RUNNING),
    ...when(over !== 'given', { moments: 'vec2f' }),
    ...when(affine, { gamma: 'f32', beta: 'f32' }),
    ...when(residual, { residual: 'f32' }),
  }),
  updates: ({ follows }) => when(follows, RUNNING),
  outputs: { y: 'f32', statistics: 'vec2f' },
  wgsl: (spec: ApplySpec) => {
    const { over, affine, tile, residual, follows } = spec;
    const given = over === 'given';
    const merge = given
      ? `for (var k = thread; k < tileSize; k += THREADS) {
    groupStatistics[k] = vec2f(runningMean[tileStart + k], runningVariance[tileStart + k]);
  }`
      : `for (var k = thread; k < tileSize; k += THREADS) { merged[k] = mergeChannel(image, tileStart + k); }
  workgroupBarrier();
  for (var g = thread; g < tileSize / u.groupChannels; g += THREADS) {
    groupStatistics[g] = mergeGroup(g * u.groupChannels);
  }`;
    return `${CHUNK_RANGE(over)}
${given ? `var<workgroup> groupStatistics: array<vec2f, ${tile}>;` : mergeMoments(tile)}
${ENTRY}
  ${TILE}
  ${merge}
  workgroupBarrier();
  if (start == 0 ${over === 'image' ? '' : '&& image == 0'}) {
    for (var g = thread; g < tileSize / u.groupChannels; g += THREADS) {
      let found = groupStatistics[g];
      statistics[statisticAt(image, tileStart + g * u.groupChannels)] = vec2f(found.x, inverseSqrt(found.y + u.epsilon));
      ${follows ? FOLLOW : ''}
    }
  }
  ${perValue(
    `let found = groupStatistics[k / u.groupChannels];
    let mean = found.x;
    let scale = inverseSqrt(found.y + u.epsilon)${affine ? ' * gamma[c]' : ''};
    let shift = ${affine ? 'beta[c]' : '0.0'};`,
    `var v = (x[i] - mean) * scale + shift;
      ${residual ? 'if (u.adds != 0) { v += residual[i]; }' : ''}
      y[i] = select(u.slope * v, v, v > 0.0);`,
  )}
}`;
  },
});
