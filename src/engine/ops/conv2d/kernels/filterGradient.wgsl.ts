// WGSL of the gradient to the filter: dW[tap, c, o] = sum over pixels of x(shifted by the tap)[c] * dy[o]. Each thread sums a
// tile of c times o of one tap over one slice of output rows; a second program adds the slices in a fixed order. No atomics:
// the same bits at every run.
import { defineKernel } from '../../../gpu/kernel.ts';
import {
  borderFunctions,
  COMPONENTS,
  floats,
  lines,
  range,
  sumsAt,
  TAP_SHIFT,
  WINDOW,
  WORKGROUP_SIZE,
} from './tile.ts';

export type FilterGradientSpec = {
  readonly reflect: boolean;
  /** Register tile: channels of x times channels of dy. */
  readonly inputs: number;
  readonly outputs: number;
  /** Whether loads of x, and of dy, can be vectors: channels and tile are multiples of 4. */
  readonly inputVectors: boolean;
  readonly outputVectors: boolean;
};

/** Sizes that every gradient to the filter has to know. */
export const FILTER_SIZES = {
  rows: 'i32', // batch * outHeight
  outHeight: 'i32',
  outWidth: 'i32',
  inHeight: 'i32',
  inWidth: 'i32',
  inChannels: 'i32',
  outChannels: 'i32',
  kernelWidth: 'i32',
  ...WINDOW,
} as const;

const UNIFORMS = {
  start: 'i32', // first workgroup of this dispatch
  tiles: 'i32', // taps * tiles of c * tiles of o
  inputTiles: 'i32',
  outputTiles: 'i32',
  slices: 'i32',
  rowsPerSlice: 'i32',
  ...FILTER_SIZES,
} as const;

export const filterGradientKernel = defineKernel({
  name: 'convFilterGradient',
  uniforms: UNIFORMS,
  inputs: ({ inputVectors, outputVectors }) => ({ source: floats(inputVectors), upstream: floats(outputVectors) }),
  outputs: ({ outputVectors }) => ({ result: floats(outputVectors) }),
  wgsl: filterGradientWgsl,
});

function filterGradientWgsl(spec: FilterGradientSpec): string {
  const { inputs, outputs, inputVectors, outputVectors, reflect } = spec;
  return `${borderFunctions(reflect)}
@compute @workgroup_size(${WORKGROUP_SIZE})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let work = (i32(group.x) + u.start) * ${WORKGROUP_SIZE} + i32(lane);
  let slice = work / u.tiles;
  if (slice >= u.slices) { return; }
  let o = (work % u.outputTiles) * ${outputs};
  let c = ((work / u.outputTiles) % u.inputTiles) * ${inputs};
  let tap = (work / (u.outputTiles * u.inputTiles)) % (u.tiles / (u.outputTiles * u.inputTiles));
${TAP_SHIFT}
${lines(inputs, (i) => `  let c${i} = min(c + ${i}, u.inChannels - 1);`)}
${lines(outputs, (j) => `  let o${j} = min(o + ${j}, u.outChannels - 1);`)}
${columns(reflect)}
${lines(inputs * outputs, (t) => `  var a${Math.floor(t / outputs)}_${t % outputs} = 0.0;`)}
  let lastRow = min((slice + 1) * u.rowsPerSlice, u.rows);
  for (var row = slice * u.rowsPerSlice; row < lastRow; row++) {
    let y = (row % u.outHeight) * u.strideY + shiftY;
    if (!inside(y, u.inHeight)) { continue; }
    let rowStart = ((row / u.outHeight) * u.inHeight + folded(y, u.inHeight)) * u.inWidth;
    for (var column = firstColumn; column < lastColumn; column++) {
      let at = (rowStart + ${reflect ? 'folded(column * u.strideX + shiftX, u.inWidth)' : 'column * u.strideX + shiftX'}) * u.inChannels;
      let dyAt = (row * u.outWidth + column) * u.outChannels;
${loads('x', 'source', 'at', 'c', inputs, inputVectors)}
${loads('d', 'upstream', 'dyAt', 'o', outputs, outputVectors)}
${lines(inputs * outputs, (t) => {
  const [i, j] = [Math.floor(t / outputs), t % outputs];
  return `a${i}_${j} += ${value('x', i, inputVectors)} * ${value('d', j, outputVectors)};`;
})}
    }
  }
${store(spec)}
}
`;
}

/** The columns whose window lies inside the map; with reflection all do. */
function columns(reflect: boolean): string {
  if (reflect) return '  let firstColumn = 0;\n  let lastColumn = u.outWidth;';
  return `  let firstColumn = max(0, (u.strideX - 1 - shiftX) / u.strideX);
  let beyond = u.inWidth - shiftX + u.strideX - 1;
  let lastColumn = select(0, min(u.outWidth, beyond / u.strideX), beyond > 0);`;
}

function loads(name: string, buffer: string, at: string, channel: string, count: number, vectors: boolean): string {
  return vectors
    ? lines(count / 4, (j) => `let ${name}v${j} = ${buffer}[(${at} + ${channel}${4 * j}) / 4];`)
    : lines(count, (j) => `let ${name}${j} = ${buffer}[${at} + ${channel}${j}];`);
}

function value(name: string, i: number, vectors: boolean): string {
  return vectors ? `${name}v${Math.floor(i / 4)}.${COMPONENTS[i % 4]}` : `${name}${i}`;
}

function store({ inputs, outputs, outputVectors }: FilterGradientSpec): string {
  return `  let taps = u.tiles / (u.outputTiles * u.inputTiles);
${lines(inputs, (i) => {
  const width = outputVectors ? 4 : 1;
  const writes = range(outputs / width).map((j) => {
    const place = outputVectors ? `(to + o + ${4 * j}) / 4` : `to + o + ${j}`;
    return `if (o + ${j * width} < u.outChannels) { result[${place}] = ${sumsAt(i, j * width, outputVectors)}; }`;
  });
  return `  if (c + ${i} < u.inChannels) {
    let to = ((slice * taps + tap) * u.inChannels + c + ${i}) * u.outChannels;
    ${writes.join('\n    ')}
  }`;
})}`;
}
