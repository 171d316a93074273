// WGSL of the two passes that gather: forward, and the gradient to the input. Each thread computes `pixels` neighbouring
// pixels of a row times `outputs` channels in registers, without workgroup memory; per summed channel it loads
// pixels + outputs numbers for pixels * outputs multiply-adds.
import { defineKernel, when } from '../../../gpu/kernel.ts';
import {
  activatedFunction,
  borderFunctions,
  COMPONENTS,
  floats,
  lines,
  range,
  sumsAt,
  WINDOW,
  WORKGROUP_SIZE,
} from './tile.ts';

/** Everything that is written into the text. */
export type GatherSpec = {
  readonly pass: 'forward' | 'toInput';
  readonly reflect: boolean;
  readonly bias: boolean;
  /** Register tile. */
  readonly pixels: number;
  readonly outputs: number;
  /** Channels summed in one round of the inner loop; 4 only where their number is a multiple of 4. */
  readonly depth: 1 | 4;
  /** Whether the channels that come out are a multiple of 4. */
  readonly outerVectors: boolean;
};

/** Sizes that every pass which gathers has to know. */
export const GATHERED = {
  start: 'i32', // first workgroup of this dispatch
  groups: 'i32', // workgroups that cover the pixels
  batch: 'i32',
  spanHeight: 'i32', // positions of one phase
  spanWidth: 'i32',
  outHeight: 'i32',
  outWidth: 'i32',
  inHeight: 'i32',
  inWidth: 'i32',
  inner: 'i32',
  outer: 'i32',
  kernelHeight: 'i32',
  kernelWidth: 'i32',
} as const;

export const gatherKernel = defineKernel({
  name: 'convGather',
  uniforms: {
    ...GATHERED,
    ...WINDOW,
    bottom: 'i32',
    right: 'i32',
    slope: 'f32', // of the activation below 0
  },
  inputs: (spec) => ({
    source: floats(spec.depth === 4),
    weights: floats(outputVectors(spec)),
    ...when(spec.bias, { bias: 'f32' }),
  }),
  outputs: (spec) => ({ result: floats(outputVectors(spec)) }),
  wgsl: gatherWgsl,
});

// Where pixel `i` (or its mirror image before or behind the map) lies in the padded map, counted from the map's first pixel.
const MIRRORED = `const OUTSIDE = -1000000000;
fn mirrored(i: i32, which: i32, size: i32, before: i32, after: i32) -> i32 {
  if (i >= size) { return OUTSIDE; }
  if (which == 0) { return i; }
  if (which == 1) { return select(OUTSIDE, -i, i >= 1 && i <= before); }
  return select(OUTSIDE, 2 * (size - 1) - i, i <= size - 2 && i >= size - 1 - after);
}`;

function gatherWgsl(spec: GatherSpec): string {
  const { pass, pixels, outputs, bias } = spec;
  const weightVectors = outputVectors(spec);
  return `${borderFunctions(spec.reflect && pass === 'forward')}
${activatedFunction(weightVectors)}
${spec.reflect && pass === 'toInput' ? MIRRORED : ''}
@compute @workgroup_size(${WORKGROUP_SIZE})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let work = i32(group.x) + u.start;
  let tile = (work % u.groups) * ${WORKGROUP_SIZE} + i32(lane);
  let first = (work / u.groups) * ${outputs};
  let tilesPerRow = (u.spanWidth + ${pixels - 1}) / ${pixels};
  let mx = (tile % tilesPerRow) * ${pixels};
  let my = (tile / tilesPerRow) % u.spanHeight;
  let image = tile / (tilesPerRow * u.spanHeight);
  if (image >= u.batch) { return; }
${lines(outputs, (n) => `  let n${n} = min(first + ${n}, u.outer - 1);`)}
${lines(pixels * outputs, (i) => `  var a${Math.floor(i / outputs)}_${i % outputs} = ${bias ? `bias[n${i % outputs}]` : '0.0'};`)}
${pass === 'forward' ? forwardTaps(spec, weightVectors) : spec.reflect ? reflectedTaps(spec, weightVectors) : phaseTaps(spec, weightVectors)}
${store(spec)}
}
`;
}

function outputVectors({ outerVectors, outputs }: GatherSpec): boolean {
  return outerVectors && outputs % 4 === 0;
}

function forwardTaps(spec: GatherSpec, weightVectors: boolean): string {
  return `  let qy = my;
  for (var ky = 0; ky < u.kernelHeight; ky++) {
    let y = my * u.strideY + ky * u.dilationY - u.top;
    if (!inside(y, u.inHeight)) { continue; }
    let rowStart = (image * u.inHeight + folded(y, u.inHeight)) * u.inWidth;
    for (var kx = 0; kx < u.kernelWidth; kx++) {
      let x = mx * u.strideX + kx * u.dilationX - u.left;
${lines(spec.pixels, (p) => column(spec, p, `x + ${p} * u.strideX`, `inside(x${p}, u.inWidth)`, `folded(x${p}, u.inWidth)`))}
${products(spec, weightVectors)}
    }
  }`;
}

// The pixels of one phase (position modulo stride) meet the same taps: whole taps are skipped, no pixel is masked for it.
function phaseTaps(spec: GatherSpec, weightVectors: boolean): string {
  return `  let phaseY = i32(group.z) / u.strideX;
  let phaseX = i32(group.z) % u.strideX;
  let qy = my * u.strideY + phaseY;
  if (qy >= u.outHeight) { return; }
  for (var ky = 0; ky < u.kernelHeight; ky++) {
    let ty = phaseY + u.top - ky * u.dilationY;
    let y = my + ty / u.strideY;
    if (ty % u.strideY != 0 || !inside(y, u.inHeight)) { continue; }
    let rowStart = (image * u.inHeight + y) * u.inWidth;
    for (var kx = 0; kx < u.kernelWidth; kx++) {
      let tx = phaseX + u.left - kx * u.dilationX;
      if (tx % u.strideX != 0) { continue; }
      let x = mx + tx / u.strideX;
${lines(spec.pixels, (p) => column(spec, p, `x + ${p}`, `inside(x${p}, u.inWidth)`, `folded(x${p}, u.inWidth)`))}
${products(spec, weightVectors)}
    }
  }`;
}

// A pixel near the border was read at up to three places along each axis: itself and its two mirror images.
function reflectedTaps(spec: GatherSpec, weightVectors: boolean): string {
  const mirror = (axis: 'Y' | 'X', place: string, which: string): string => {
    const [size, before, after] =
      axis === 'Y' ? ['u.outHeight', 'u.top', 'u.bottom'] : ['u.outWidth', 'u.left', 'u.right'];
    return `mirrored(${place}, ${which}, ${size}, ${before}, ${after})`;
  };
  return `  let qy = my;
  for (var mirrorY = 0; mirrorY < 3; mirrorY++) {
    let py = ${mirror('Y', 'qy', 'mirrorY')};
    if (py == OUTSIDE) { continue; }
    for (var ky = 0; ky < u.kernelHeight; ky++) {
      let ty = py + u.top - ky * u.dilationY;
      if (ty < 0 || ty % u.strideY != 0 || ty / u.strideY >= u.inHeight) { continue; }
      let rowStart = (image * u.inHeight + ty / u.strideY) * u.inWidth;
      for (var mirrorX = 0; mirrorX < 3; mirrorX++) {
${lines(spec.pixels, (p) => `        let px${p} = ${mirror('X', `mx + ${p}`, 'mirrorX')};`)}
        if (${range(spec.pixels)
          .map((p) => `px${p} == OUTSIDE`)
          .join(' && ')}) { continue; }
        for (var kx = 0; kx < u.kernelWidth; kx++) {
${lines(spec.pixels, (p) => column(spec, p, `px${p} + u.left - kx * u.dilationX`, `px${p} != OUTSIDE && x${p} >= 0 && x${p} % u.strideX == 0 && x${p} / u.strideX < u.inWidth`, `clamp(x${p} / u.strideX, 0, u.inWidth - 1)`))}
${products(spec, weightVectors)}
        }
      }
    }
  }`;
}

function column({ depth }: GatherSpec, p: number, x: string, isInside: string, place: string): string {
  return `      let x${p} = ${x};
      let in${p} = ${isInside};
      let s${p} = (rowStart + ${place}) * ${depth === 4 ? '(u.inner / 4)' : 'u.inner'};`;
}

/** The sum over the channels of one tap. */
function products(spec: GatherSpec, weightVectors: boolean): string {
  const { pixels, outputs, depth } = spec;
  const value = (p: number, k: number): string => (depth === 4 ? `v${p}.${COMPONENTS[k]}` : `v${p}`);
  const { weightLoads, weight } = weightsOf(spec, weightVectors);
  const loads = range(pixels).map((p) =>
    depth === 4
      ? `let v${p} = select(vec4<f32>(), source[s${p} + k / 4], in${p});`
      : `let v${p} = select(0.0, source[s${p} + k], in${p});`,
  );
  const sums = range(pixels * outputs).map((i) => {
    const [p, n] = [Math.floor(i / outputs), i % outputs];
    const terms = range(depth).map((k) => `${value(p, k)} * ${weight(n, k)}`);
    return `a${p}_${n} += ${terms.join(' + ')};`;
  });
  return `let tap = ky * u.kernelWidth + kx;
for (var k = 0; k < u.inner; k += ${depth}) {
${[...weightLoads, ...loads, ...sums].join('\n')}
}`;
}

// The filter comes as [kh, kw, summed, out]: the gradient to the input takes it with its channels swapped.
function weightsOf({ outputs, depth }: GatherSpec, vectors: boolean) {
  const width = vectors ? 4 : 1;
  const load = (k: number, n: number): string =>
    `weights[${vectors ? '(' : ''}(tap * u.inner + k + ${k}) * u.outer + n${n}${vectors ? ') / 4' : ''}]`;
  return {
    weightLoads: range((depth * outputs) / width).map((i) => {
      const [k, j] = [Math.floor((i * width) / outputs), i % (outputs / width)];
      return `let w${k}_${j} = ${load(k, j * width)};`;
    }),
    weight: (n: number, k: number) => (vectors ? `w${k}_${Math.floor(n / 4)}.${COMPONENTS[n % 4]}` : `w${k}_${n}`),
  };
}

function store(spec: GatherSpec): string {
  const { pixels, outputs, pass, reflect } = spec;
  const place =
    pass === 'forward' || reflect ? (p: number) => `mx + ${p}` : (p: number) => `(mx + ${p}) * u.strideX + phaseX`;
  const vectors = outputVectors(spec);
  return lines(pixels, (p) => {
    const width = vectors ? 4 : 1;
    const writes = range(outputs / width).map((j) => {
      const to = vectors ? `(at + ${4 * j}) / 4` : `at + ${j}`;
      return `if (first + ${j * width} < u.outer) { result[${to}] = activated(${sumsAt(p, j * width, vectors)}); }`;
    });
    return `  { let qx = ${place(p)};
    if (qx < u.outWidth) {
      let at = ((image * u.outHeight + qy) * u.outWidth + qx) * u.outer + first;
      ${writes.join('\n      ')}
    } }`;
  });
}
