// Doubling a map with half-pixel centres, what decoders do at every level, and its adjoint: weights are quarters, and nothing
// is looked for. A thread takes a patch of the smaller map in one channel and goes along it column by column, each mixed over
// the rows once; so it reads little more than every value once, which is what these kernels cost.
import { defineKernel } from '../../gpu/kernel.ts';
import { isSoftwareDevice, type ProgramSpec } from '../../gpu/program.ts';
import { perElement, vectorType } from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';

interface Spec extends ProgramSpec {
  /** Channels of a vector: 4 where they come out even. */
  readonly width: 1 | 4;
  /** Height of a patch, which divides that of the map; it is unrolled. */
  readonly rows: number;
}

// Height and width are the smaller map's; channels count in vectors of the spec's width; a patch is `span` wide.
const UNIFORMS = { count: 'i32', channels: 'i32', height: 'i32', width: 'i32', span: 'i32', adds: 'i32' } as const;

const each = (count: number, text: (k: number) => string, separator = '\n  '): string =>
  Array.from({ length: count }, (_, k) => text(k)).join(separator);

/** `body` sees the patch: rows from `top`, columns from `start` to before `end`, channel `c` of `image`. */
const patches = ({ width, rows }: Spec, body: string): string => `alias Value = ${vectorType(width)};
${perElement(
  'u.count',
  `let spans = (u.width + u.span - 1) / u.span;
  let bands = u.height / ${rows};
  let c = index % u.channels;
  let start = (index / u.channels) % spans * u.span;
  let end = min(start + u.span, u.width);
  let top = (index / (u.channels * spans)) % bands * ${rows};
  let image = index / (u.channels * spans * bands);
  ${body}`,
)}`;

/** Statements that mix column `at` over its rows into `to0`, `to1`...: one for each row of the result. */
type Column = (to: string, at: string) => string;

// Both walk along the patch with the last columns in hand. They begin early enough to have them, so that a column is read in
// one place of the text: reading is most of what a driver compiles.
export const doublingKernel = defineKernel({
  name: 'resizeBilinearDouble',
  uniforms: UNIFORMS,
  inputs: ({ width }) => ({ x: vectorType(width), added: vectorType(width) }),
  outputs: ({ width }) => ({ y: vectorType(width) }),
  wgsl: (spec: Spec) => {
    const results = 2 * spec.rows;
    const column: Column = (to, at) => `{
      let at = ${at} * u.channels;
      ${each(spec.rows + 2, (k) => `let v${k} = x[row${k} + at];`)}
      ${each(results, (k) => `${to}${k} = mix(v${(k + 1) >> 1}, v${(k + 3) >> 1}, ${k % 2 === 0 ? 0.75 : 0.25});`)}
    }`;
    return patches(
      spec,
      `${each(spec.rows + 2, (k) => `let row${k} = (image * u.height + clamp(top + ${k - 1}, 0, u.height - 1)) * u.width * u.channels + c;`)}
  ${each(results, (k) => `var left${k}: Value; var here${k}: Value; var right${k}: Value;`)}
  let line = 2 * u.width * u.channels;
  for (var j = start - 2; j < end; j++) {
    ${column('right', 'clamp(j + 1, 0, u.width - 1)')}
    if (j >= start) {
      var at = ((image * u.height + top) * 2 * u.width * 2 + 2 * j) * u.channels + c;
      ${each(results, (k) => `${store('at', `mix(left${k}, here${k}, 0.75)`)} ${store('at + u.channels', `mix(here${k}, right${k}, 0.25)`)} at += line;`)}
    }
    ${each(results, (k) => `left${k} = here${k}; here${k} = right${k};`)}
  }`,
    );
  },
});

/** Where nothing is added, what is bound in its place is not read. */
const store = (at: string, value: string): string => `{
        var value = ${value};
        if (u.adds != 0) { value += added[${at}]; }
        y[${at}] = value;
      }`;

/** Every pixel is in 4 x 4 results; at the border they are mirrored, because the weights are symmetric about it. */
const doubleAdjoint = defineKernel({
  name: 'resizeBilinearDoubleAdjoint',
  uniforms: UNIFORMS,
  inputs: ({ width }) => ({ dy: vectorType(width) }),
  outputs: ({ width }) => ({ dx: vectorType(width) }),
  wgsl: (spec: Spec) => {
    const column: Column = (to, at) => `{
      let at = clamp(${at}, 0, 2 * u.width - 1) * u.channels;
      ${each(2 * spec.rows + 2, (k) => `let v${k} = dy[row${k} + at];`)}
      ${each(spec.rows, (k) => `${to}${k} = 0.25 * (v${2 * k} + v${2 * k + 3}) + 0.75 * (v${2 * k + 1} + v${2 * k + 2});`)}
    }`;
    return patches(
      spec,
      `let line = 2 * u.width * u.channels;
  ${each(2 * spec.rows + 2, (k) => `let row${k} = (image * 2 * u.height + clamp(2 * top + ${k - 1}, 0, 2 * u.height - 1)) * line + c;`)}
  ${each(spec.rows, (k) => `var a${k}: Value; var b${k}: Value; var d${k}: Value; var e${k}: Value;`)}
  for (var j = start - 1; j < end; j++) {
    ${column('d', '2 * j + 1')}
    ${column('e', '2 * j + 2')}
    if (j >= start) {
      var at = ((image * u.height + top) * u.width + j) * u.channels + c;
      ${each(spec.rows, (k) => `dx[at] = 0.25 * (a${k} + e${k}) + 0.75 * (b${k} + d${k}); at += u.width * u.channels;`)}
    }
    ${each(spec.rows, (k) => `a${k} = d${k}; b${k} = e${k};`)}
  }`,
    );
  },
});

// On a CPU reading and writing is what costs, and every workgroup; a GPU wants many threads more. Vectors in an unrolled patch
// take a software driver seconds to compile.
const PATCHES = {
  software: { rows: 2, span: 16, widest: 1 },
  hardware: { rows: 1, span: 2, widest: 4 },
} as const;

/** `x` [batch, height, width, channels] at twice its size, plus `added` if there is one. */
export function doubled(x: tf.Tensor4D, added?: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, depth] = x.shape;
  const y = [batch, 2 * height, 2 * width, depth] as const;
  return doublingKernel.run({
    inputs: { x, added: added ?? x },
    outputs: { y },
    ...launchOver(x.shape, added !== undefined),
  }).y;
}

/** The adjoint: `dy` [batch, 2 height, 2 width, channels] back to half its size. */
export function doubledAdjoint(dy: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, depth] = dy.shape;
  const dx = [batch, height / 2, width / 2, depth] as const;
  return doubleAdjoint.run({ inputs: { dy }, outputs: { dx }, ...launchOver(dx, false) }).dx;
}

type MapShape = readonly [batch: number, height: number, width: number, channels: number];

function launchOver([batch, height, width, depth]: MapShape, adds: boolean) {
  const { rows: most, span, widest } = PATCHES[isSoftwareDevice() ? 'software' : 'hardware'];
  const vector: Spec['width'] = depth % widest === 0 ? widest : 1;
  const rows = [most, 2].find((rows) => rows <= most && height % rows === 0) ?? 1;
  const channels = depth / vector;
  const count = batch * (height / rows) * Math.ceil(width / span) * channels;
  const uniforms = { count, channels, height, width, span, adds: adds ? 1 : 0 };
  return { spec: { width: vector, rows }, threads: count, uniforms };
}
