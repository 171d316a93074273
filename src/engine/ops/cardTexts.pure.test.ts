// What a graphics card is given in place of what an adapter that computes on the CPU is: the lines that differ. Their kernels
// run as on a card in the project engine-card; here nobody changes such a text without seeing it.
import { expect, it } from 'vitest';
import { labelsKernel } from './confidentLabels/labelKernels.ts';
import { broadcastKernel } from './conv2d/kernels/broadcast.wgsl.ts';
import { filterBroadcastKernel } from './conv2d/kernels/filterBroadcast.wgsl.ts';
import { NORM_THREADS, normMoments } from './groupNorm/normKernels.ts';
import { probabilityKernel } from './probabilityMap/probabilityKernels.ts';
import { doublingKernel } from './resizeBilinear/doublingKernels.ts';
import { crossEntropyGradient } from './softmaxCrossEntropy/crossEntropyKernels.ts';

/** Lines of either text that the other has not, in the order of the texts. */
function difference(software: string, card: string): string {
  const [before, after] = [software, card].map((text) => text.split('\n').map((line) => line.trim()));
  const only = (lines: readonly string[], others: readonly string[], mark: string): string[] =>
    lines.filter((line) => line !== '' && !others.includes(line)).map((line) => `${mark} ${line}`);
  return [...only(before!, after!, '-'), ...only(after!, before!, '+')].join('\n');
}

/** Of a kernel's texts for a spec on a software adapter, and for what a card changes of it. */
const changed = <Spec>(
  kernel: { readonly text: (spec: Spec) => string },
  spec: NoInfer<Spec>,
  card: Partial<NoInfer<Spec>>,
): string => difference(kernel.text(spec), kernel.text({ ...spec, ...card }));

it('classes are read and written one by one, not in loops', () => {
  expect(changed(labelsKernel, { classes: 2, looped: true }, { looped: false })).toMatchInlineSnapshot(`
    "- for (var c = 0; c < u.classes; c++) { z[c] = logits[first + c]; }
    + z[0] = logits[first + 0];
    + z[1] = logits[first + 1];"
  `);
  expect(
    changed(probabilityKernel, { classes: 2, looped: true, isGradient: true }, { looped: false }),
  ).toMatchInlineSnapshot(`
    "- for (var c = 0; c < u.classes; c++) { g[c] = dy[square + c]; }
    - for (var c = 0; c < u.classes; c++) { z[c] = logits[first + c]; }
    - for (var c = 0; c < u.classes; c++) { result[first + c] = dz[c]; }
    + g[0] = dy[square + 0];
    + g[1] = dy[square + 1];
    + z[0] = logits[first + 0];
    + z[1] = logits[first + 1];
    + result[first + 0] = dz[0];
    + result[first + 1] = dz[1];"
  `);
  expect(
    changed(crossEntropyGradient, { classes: 2, looped: true, mean: false }, { looped: false }),
  ).toMatchInlineSnapshot(`
    "- for (var c = 0; c < u.classes; c++) { z[c] = logits[first + c]; }
    - for (var c = 0; c < u.classes; c++) { dLogits[first + c] = dz[c]; }
    + z[0] = logits[first + 0];
    + z[1] = logits[first + 1];
    + dLogits[first + 0] = dz[0];
    + dLogits[first + 1] = dz[1];"
  `);
});

it('normalisation has more threads', () => {
  const { software, hardware } = NORM_THREADS;
  expect(changed(normMoments, { threads: software }, { threads: hardware })).toMatchInlineSnapshot(`
    "- const THREADS = 32;
    + const THREADS = 128;"
  `);
});

it('a map is doubled in vectors of channels, a row at a time', () => {
  expect(changed(doublingKernel, { width: 1, rows: 2 }, { width: 4, rows: 1 })).toMatchInlineSnapshot(`
    "- @group(0) @binding(0) var<storage, read> x: array<f32>;
    - @group(0) @binding(1) var<storage, read> added: array<f32>;
    - @group(0) @binding(2) var<storage, read_write> y: array<f32>;
    - alias Value = f32;
    - let bands = u.height / 2;
    - let top = (index / (u.channels * spans)) % bands * 2;
    - let row3 = (image * u.height + clamp(top + 2, 0, u.height - 1)) * u.width * u.channels + c;
    - var left2: Value; var here2: Value; var right2: Value;
    - var left3: Value; var here3: Value; var right3: Value;
    - let v3 = x[row3 + at];
    - right2 = mix(v1, v2, 0.75);
    - right3 = mix(v2, v3, 0.25);
    - var value = mix(left2, here2, 0.75);
    - var value = mix(here2, right2, 0.25);
    - var value = mix(left3, here3, 0.75);
    - var value = mix(here3, right3, 0.25);
    - left2 = here2; here2 = right2;
    - left3 = here3; here3 = right3;
    + @group(0) @binding(0) var<storage, read> x: array<vec4f>;
    + @group(0) @binding(1) var<storage, read> added: array<vec4f>;
    + @group(0) @binding(2) var<storage, read_write> y: array<vec4f>;
    + alias Value = vec4f;
    + let bands = u.height / 1;
    + let top = (index / (u.channels * spans)) % bands * 1;"
  `);
});

it('a convolution reads four channels a round and stores vectors without a loop', () => {
  const spec = {
    depth: 1,
    ...{ reflect: false, pixels: 1, outputs: 4, threads: 16, lanes: 4 },
    ...{ outerVectors: false, loopedStores: true },
  } as const;
  const card = { depth: 4, threads: 64, outerVectors: true, loopedStores: false } as const;
  expect(changed(broadcastKernel, spec, card)).toMatchInlineSnapshot(`
    "- @group(0) @binding(0) var<storage, read> source: array<f32>;
    - @group(0) @binding(3) var<storage, read_write> result: array<f32>;
    - fn activated(sum: f32) -> f32 { return select(u.slope * sum, sum, sum > f32()); }
    - @compute @workgroup_size(16)
    - let tile = (work % u.groups) * 16 + i32(thread);
    - let e0 = min(lane + 0, 3);
    - let s0 = (rowStart + folded(x0, u.inWidth)) * u.inner;
    - for (var k = 0; k < u.inner; k += 1) {
    - let v0 = select(0.0, source[s0 + k], in0);
    - a0_0 += v0 * b0_0;
    - a0_1 += v0 * b1_0;
    - a0_2 += v0 * b2_0;
    - a0_3 += v0 * b3_0;
    - var sums: array<f32, 4>;
    - sums[0] = a0_0;
    - sums[1] = a0_1;
    - sums[2] = a0_2;
    - sums[3] = a0_3;
    - for (var i = 0; i < u.stores; i++) {
    - let qx = (mx + i / 4) * u.phasesX + phaseX;
    - if (qx < u.outWidth && first + (i % 4) * 1 < u.outer) {
    - result[(((image * u.outHeight + qy) * u.outWidth + qx) * u.outer + first + (i % 4) * 1) / 1] = activated(sums[i]);
    + @group(0) @binding(0) var<storage, read> source: array<vec4f>;
    + @group(0) @binding(3) var<storage, read_write> result: array<vec4f>;
    + fn activated(sum: vec4<f32>) -> vec4<f32> { return select(u.slope * sum, sum, sum > vec4<f32>()); }
    + @compute @workgroup_size(64)
    + let tile = (work % u.groups) * 64 + i32(thread);
    + let e0 = min(lane + 0, 15);
    + let e1 = min(lane + 4, 15);
    + let f1 = (e1 / 4) * u.weightInner + min(first + e1 % 4, u.outer - 1) * u.weightOuter;
    + let e2 = min(lane + 8, 15);
    + let f2 = (e2 / 4) * u.weightInner + min(first + e2 % 4, u.outer - 1) * u.weightOuter;
    + let e3 = min(lane + 12, 15);
    + let f3 = (e3 / 4) * u.weightInner + min(first + e3 % 4, u.outer - 1) * u.weightOuter;
    + let s0 = (rowStart + folded(x0, u.inWidth)) * (u.inner / 4);
    + for (var k = 0; k < u.inner; k += 4) {
    + let w1 = weights[tap + k * u.weightInner + f1];
    + let w2 = weights[tap + k * u.weightInner + f2];
    + let w3 = weights[tap + k * u.weightInner + f3];
    + let v0 = select(vec4<f32>(), source[s0 + k / 4], in0);
    + let b0_1 = subgroupBroadcast(w1, 0u);
    + let b0_2 = subgroupBroadcast(w2, 0u);
    + let b0_3 = subgroupBroadcast(w3, 0u);
    + a0_0 += v0.x * b0_0 + v0.y * b0_1 + v0.z * b0_2 + v0.w * b0_3;
    + let b1_1 = subgroupBroadcast(w1, 1u);
    + let b1_2 = subgroupBroadcast(w2, 1u);
    + let b1_3 = subgroupBroadcast(w3, 1u);
    + a0_1 += v0.x * b1_0 + v0.y * b1_1 + v0.z * b1_2 + v0.w * b1_3;
    + let b2_1 = subgroupBroadcast(w1, 2u);
    + let b2_2 = subgroupBroadcast(w2, 2u);
    + let b2_3 = subgroupBroadcast(w3, 2u);
    + a0_2 += v0.x * b2_0 + v0.y * b2_1 + v0.z * b2_2 + v0.w * b2_3;
    + let b3_1 = subgroupBroadcast(w1, 3u);
    + let b3_2 = subgroupBroadcast(w2, 3u);
    + let b3_3 = subgroupBroadcast(w3, 3u);
    + a0_3 += v0.x * b3_0 + v0.y * b3_1 + v0.z * b3_2 + v0.w * b3_3;
    + {
    + let qx = (mx + 0) * u.phasesX + phaseX;
    + if (qx < u.outWidth && first + 0 < u.outer) {
    + result[(((image * u.outHeight + qy) * u.outWidth + qx) * u.outer + first + 0) / 4] = activated(vec4<f32>(a0_0, a0_1, a0_2, a0_3));"
  `);
});

it('so does the gradient to its filter', () => {
  const spec = {
    depth: 4,
    ...{ reflect: false, outputs: 4, threads: 16, lanes: 4 },
    ...{ inputVectors: true, outputVectors: false, loopedStores: true },
  } as const;
  expect(
    changed(filterBroadcastKernel, spec, { threads: 64, outputVectors: true, loopedStores: false }),
  ).toMatchInlineSnapshot(`
    "- @group(0) @binding(2) var<storage, read_write> result: array<f32>;
    - @compute @workgroup_size(16)
    - let firstRow = ((work % u.rowGroups) * 16 + i32(thread)) * 4;
    - var sums: array<f32, 16>;
    - sums[0] = a0_0;
    - sums[1] = a0_1;
    - sums[2] = a0_2;
    - sums[3] = a0_3;
    - sums[4] = a1_0;
    - sums[5] = a1_1;
    - sums[6] = a1_2;
    - sums[7] = a1_3;
    - sums[8] = a2_0;
    - sums[9] = a2_1;
    - sums[10] = a2_2;
    - sums[11] = a2_3;
    - sums[12] = a3_0;
    - sums[13] = a3_1;
    - sums[14] = a3_2;
    - sums[15] = a3_3;
    - for (var i = 0; i < u.stores; i++) {
    - let r = firstRow + i / 4;
    - if (r < u.filterRows && o + (i % 4) * 1 < u.outChannels) {
    - result[((slice * u.filterRows + r) * u.outChannels + o + (i % 4) * 1) / 1] = sums[i];
    + @group(0) @binding(2) var<storage, read_write> result: array<vec4f>;
    + @compute @workgroup_size(64)
    + let firstRow = ((work % u.rowGroups) * 64 + i32(thread)) * 4;
    + {
    + let r = firstRow + 0;
    + if (r < u.filterRows && o + 0 < u.outChannels) {
    + result[((slice * u.filterRows + r) * u.outChannels + o + 0) / 4] = vec4<f32>(a0_0, a0_1, a0_2, a0_3);
    + {
    + let r = firstRow + 1;
    + if (r < u.filterRows && o + 0 < u.outChannels) {
    + result[((slice * u.filterRows + r) * u.outChannels + o + 0) / 4] = vec4<f32>(a1_0, a1_1, a1_2, a1_3);
    + {
    + let r = firstRow + 2;
    + if (r < u.filterRows && o + 0 < u.outChannels) {
    + result[((slice * u.filterRows + r) * u.outChannels + o + 0) / 4] = vec4<f32>(a2_0, a2_1, a2_2, a2_3);
    + {
    + let r = firstRow + 3;
    + if (r < u.filterRows && o + 0 < u.outChannels) {
    + result[((slice * u.filterRows + r) * u.outChannels + o + 0) / 4] = vec4<f32>(a3_0, a3_1, a3_2, a3_3);"
  `);
});
