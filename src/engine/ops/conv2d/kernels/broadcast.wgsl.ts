// WGSL of the two passes that gather (forward, gradient to the input) with weights that the lanes of a subgroup load
// together and hand to each other: a load serves as many channels as there are lanes. One text for both passes, so that
// they share pipelines; the passes differ in uniforms (`run.ts`). Needs the feature `subgroups`.
import { defineKernel } from '../../../gpu/kernel.ts';
import { GATHERED } from './gather.wgsl.ts';
import {
  activatedFunction,
  borderFunctions,
  broadcastProducts,
  COMPONENTS,
  floats,
  lines,
  SUBGROUPS,
  storeTile,
} from './tile.ts';

export type BroadcastSpec = {
  readonly reflect: boolean;
  /** Register tile of one thread. */
  readonly pixels: number;
  readonly outputs: number;
  /** Channels summed in one round of the inner loop, 4 only where their number is a multiple of it. */
  readonly depth: 1 | 4;
  /** Threads of a workgroup. */
  readonly threads: number;
  /** Lanes that every subgroup has at least. */
  readonly lanes: number;
  /** Whether channels come out in fours: their number and `outputs` are multiples of 4. */
  readonly outerVectors: boolean;
  readonly loopedStores: boolean;
};

export const BROADCAST_UNIFORMS = {
  ...GATHERED,
  // Position m of phase q meets, at tap t, input m * step + (t * tap + shift + q) / phases, if that is whole.
  stepY: 'i32',
  stepX: 'i32',
  tapY: 'i32',
  tapX: 'i32',
  shiftY: 'i32',
  shiftX: 'i32',
  phasesY: 'i32',
  phasesX: 'i32',
  // Where the weight of (summed channel, channel out) lies within its tap.
  weightInner: 'i32',
  weightOuter: 'i32',
  hasBias: 'i32', // else what is bound as bias does not matter
  slope: 'f32', // of the activation below 0
  stores: 'i32', // of one thread; a uniform, so that no compiler unrolls the loop
} as const;
export type BroadcastUniform = keyof typeof BROADCAST_UNIFORMS;

export const broadcastKernel = defineKernel({
  name: 'convBroadcast',
  uniforms: BROADCAST_UNIFORMS,
  inputs: ({ depth }) => ({ source: floats(depth === 4), weights: 'f32', bias: 'f32' }),
  outputs: ({ outerVectors }) => ({ result: floats(outerVectors) }),
  head: () => SUBGROUPS,
  wgsl: broadcastWgsl,
});

function broadcastWgsl(spec: BroadcastSpec): string {
  const { pixels, outputs, depth, threads, lanes, outerVectors, reflect } = spec;
  const biasLoads = Math.ceil(outputs / lanes);
  return `${borderFunctions(reflect)}
${activatedFunction(outerVectors)}
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32, @builtin(subgroup_invocation_id) id: u32) {
  let lane = i32(id) % ${lanes};
  let work = i32(group.x) + u.start;
  let tile = (work % u.groups) * ${threads} + i32(thread);
  let first = (work / u.groups) * ${outputs};
  let tilesPerRow = (u.spanWidth + ${pixels - 1}) / ${pixels};
  let mx = (tile % tilesPerRow) * ${pixels};
  let my = (tile / tilesPerRow) % u.spanHeight;
  let image = tile / (tilesPerRow * u.spanHeight);
  let phaseY = i32(group.z) / u.phasesX;
  let phaseX = i32(group.z) % u.phasesX;
  let qy = my * u.phasesY + phaseY;
  let isLive = image < u.batch && qy < u.outHeight;
${lines(weightLoads(spec), (j) => weightOffset(spec, j))}
${lines(biasLoads, (j) => `  let c${j} = select(0.0, bias[min(first + lane + ${j * lanes}, u.outer - 1)], u.hasBias != 0);`)}
${lines(outputs, (n) => `  let bias${n} = subgroupBroadcast(c${Math.floor(n / lanes)}, ${n % lanes}u);`)}
${lines(pixels * outputs, (i) => `  var a${Math.floor(i / outputs)}_${i % outputs} = bias${i % outputs};`)}
  for (var ky = 0; ky < u.kernelHeight; ky++) {
    let ty = ky * u.tapY + u.shiftY + phaseY;
    let y = my * u.stepY + ty / u.phasesY;
    let rowIsIn = isLive && inside(y, u.inHeight);
    if (ty % u.phasesY != 0 || !subgroupAny(rowIsIn)) { continue; }
    let rowStart = (min(image, u.batch - 1) * u.inHeight + folded(y, u.inHeight)) * u.inWidth;
    for (var kx = 0; kx < u.kernelWidth; kx++) {
      let tx = kx * u.tapX + u.shiftX + phaseX;
      if (tx % u.phasesX != 0) { continue; }
      let x = mx * u.stepX + tx / u.phasesX;
${lines(
  pixels,
  (p) => `      let x${p} = x + ${p} * u.stepX;
      let in${p} = rowIsIn && inside(x${p}, u.inWidth);
      let s${p} = (rowStart + folded(x${p}, u.inWidth)) * ${depth === 4 ? '(u.inner / 4)' : 'u.inner'};`,
)}
      let tap = (ky * u.kernelWidth + kx) * u.inner * u.outer;
      for (var k = 0; k < u.inner; k += ${depth}) {
${round(spec)}
      }
    }
  }
${store(spec)}
}
`;
}

function weightLoads({ outputs, depth, lanes }: BroadcastSpec): number {
  return Math.ceil((depth * outputs) / lanes);
}

// A round's weights, [depth, outputs], are numbered through; number j * lanes + lane is loaded by that lane.
function weightOffset({ outputs, depth, lanes }: BroadcastSpec, j: number): string {
  return `  let e${j} = min(lane + ${j * lanes}, ${depth * outputs - 1});
  let f${j} = (e${j} / ${outputs}) * u.weightInner + min(first + e${j} % ${outputs}, u.outer - 1) * u.weightOuter;`;
}

/** One round of summed channels: load, hand round, multiply. */
function round(spec: BroadcastSpec): string {
  const { pixels, depth } = spec;
  const weights = lines(weightLoads(spec), (j) => `let w${j} = weights[tap + k * u.weightInner + f${j}];`);
  const values = lines(pixels, (p) =>
    depth === 4
      ? `let v${p} = select(vec4<f32>(), source[s${p} + k / 4], in${p});`
      : `let v${p} = select(0.0, source[s${p} + k], in${p});`,
  );
  const sums = broadcastProducts(spec, 'w', pixels, (p, k) => `v${p}${depth === 4 ? `.${COMPONENTS[k]}` : ''}`);
  return [weights, values, sums].join('\n');
}

function store({ pixels, outputs, outerVectors, loopedStores }: BroadcastSpec): string {
  const tile = { lines: pixels, columns: outputs, vectors: outerVectors, looped: loopedStores };
  const write = (p: string, n: string, stored: string): string => `{
    let qx = (mx + ${p}) * u.phasesX + phaseX;
    if (qx < u.outWidth && first + ${n} < u.outer) {
      result[(((image * u.outHeight + qy) * u.outWidth + qx) * u.outer + first + ${n}) / ${outerVectors ? 4 : 1}] = activated(${stored});
    }
  }`;
  return storeTile(tile, write, '  if (!isLive) { return; }\n');
}
