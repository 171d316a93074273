// WGSL of the gradient to the filter where the lanes of a subgroup load dy together and hand it to each other. Each thread
// sums four rows of dW (a row is a tap and a channel of x) times a tile of output channels over one slice of output rows;
// a second program adds the slices in a fixed order. Needs the feature `subgroups`.
import { defineKernel } from '../../../gpu/kernel.ts';
import { FILTER_SIZES } from './filterGradient.wgsl.ts';
import {
  borderFunctions,
  broadcastProducts,
  COMPONENTS,
  filterRow,
  floats,
  lines,
  range,
  SUBGROUPS,
  storeTile,
} from './tile.ts';

export type FilterBroadcastSpec = {
  readonly reflect: boolean;
  /** Output channels of one thread. */
  readonly outputs: number;
  /** Pixels summed in one round of the inner loop. */
  readonly depth: 1 | 4;
  /** Threads of a workgroup. */
  readonly threads: number;
  /** Lanes that every subgroup has at least. */
  readonly lanes: number;
  /** Whether the channels of x, and of dy, are multiples of 4. */
  readonly inputVectors: boolean;
  readonly outputVectors: boolean;
  readonly loopedStores: boolean;
};

export const FILTER_BROADCAST_UNIFORMS = {
  start: 'i32', // first workgroup of this dispatch
  rowGroups: 'i32', // workgroups that cover the rows of dW
  filterRows: 'i32', // taps * inChannels
  outputTiles: 'i32',
  rowsPerSlice: 'i32',
  ...FILTER_SIZES,
  stores: 'i32', // of one thread; a uniform, so that no compiler unrolls the loop
} as const;
export type FilterBroadcastUniform = keyof typeof FILTER_BROADCAST_UNIFORMS;

export const filterBroadcastKernel = defineKernel({
  name: 'convFilterBroadcast',
  uniforms: FILTER_BROADCAST_UNIFORMS,
  inputs: ({ inputVectors }) => ({ source: floats(inputVectors), upstream: 'f32' }),
  outputs: ({ outputVectors }) => ({ result: floats(outputVectors) }),
  head: () => SUBGROUPS,
  wgsl: filterBroadcastWgsl,
});

/** Rows of dW per thread: the width of a vector. */
export const FILTER_ROWS = 4;

function filterBroadcastWgsl(spec: FilterBroadcastSpec): string {
  const { outputs, depth, threads, lanes, inputVectors, reflect } = spec;
  const loads = Math.ceil((depth * outputs) / lanes);
  // With vectors the four rows are channels of one tap; else each has a tap of its own.
  const taps = inputVectors ? 1 : FILTER_ROWS;
  return `${borderFunctions(reflect)}
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32, @builtin(subgroup_invocation_id) id: u32) {
  let lane = i32(id) % ${lanes};
  let work = i32(group.x) + u.start;
  let firstRow = ((work % u.rowGroups) * ${threads} + i32(thread)) * ${FILTER_ROWS};
  let o = ((work / u.rowGroups) % u.outputTiles) * ${outputs};
  let slice = work / (u.rowGroups * u.outputTiles);
${lines(taps, (i) => filterRow(i, `firstRow + ${i}`))}
${lines(
  loads,
  (j) => `  let e${j} = min(lane + ${j * lanes}, ${depth * outputs - 1});
  let q${j} = e${j} / ${outputs};
  let n${j} = min(o + e${j} % ${outputs}, u.outChannels - 1);`,
)}
${lines(FILTER_ROWS * outputs, (t) => `  var a${Math.floor(t / outputs)}_${t % outputs} = 0.0;`)}
  let lastRow = min((slice + 1) * u.rowsPerSlice, u.rows);
  for (var row = slice * u.rowsPerSlice; row < lastRow; row++) {
${lines(
  taps,
  (i) => `    let y${i} = (row % u.outHeight) * u.strideY + shiftY${i};
    let rowIsIn${i} = firstRow < u.filterRows && inside(y${i}, u.inHeight);
    let rowStart${i} = ((row / u.outHeight) * u.inHeight + folded(y${i}, u.inHeight)) * u.inWidth;`,
)}
    if (!subgroupAny(${range(taps)
      .map((i) => `rowIsIn${i}`)
      .join(' || ')})) { continue; }
    for (var column = 0; column < u.outWidth; column += ${depth}) {
${lines(loads, (j) => `let d${j} = upstream[(row * u.outWidth + min(column + q${j}, u.outWidth - 1)) * u.outChannels + n${j}];`)}
${lines(depth, (q) => values(inputVectors, q))}
${broadcastProducts(spec, 'd', FILTER_ROWS, (i, q) => `v${q}.${COMPONENTS[i]}`)}
    }
  }
${store(spec)}
}
`;
}

/** x at pixel `q` of the round for the thread's four rows. */
function values(inputVectors: boolean, q: number): string {
  const at = (i: number): string => `let x${q}_${i} = (column + ${q}) * u.strideX + shiftX${i};
let in${q}_${i} = rowIsIn${i} && column + ${q} < u.outWidth && inside(x${q}_${i}, u.inWidth);
let s${q}_${i} = (rowStart${i} + folded(x${q}_${i}, u.inWidth)) * u.inChannels + c${i};`;
  if (inputVectors) return `${at(0)}\nlet v${q} = select(vec4<f32>(), source[s${q}_0 / 4], in${q}_0);`;
  const each = range(FILTER_ROWS).map((i) => `select(0.0, source[s${q}_${i}], in${q}_${i})`);
  return `${range(FILTER_ROWS).map(at).join('\n')}\nlet v${q} = vec4<f32>(${each.join(', ')});`;
}

function store({ outputs, outputVectors, loopedStores }: FilterBroadcastSpec): string {
  const tile = { lines: FILTER_ROWS, columns: outputs, vectors: outputVectors, looped: loopedStores };
  return storeTile(
    tile,
    (row, n, stored) => `{
    let r = firstRow + ${row};
    if (r < u.filterRows && o + ${n} < u.outChannels) {
      result[((slice * u.filterRows + r) * u.outChannels + o + ${n}) / ${outputVectors ? 4 : 1}] = ${stored};
    }
  }`,
  );
}
