// The WGSL of the gradients of group, instance and batch normalisation: one dispatch sums what the statistics hand on, the
// next writes the gradient to x; one workgroup of every tile of channels also writes those of scale and shift.
import { when } from '../../gpu/kernel.ts';
import { perElement } from '../../gpu/wgsl.ts';
import {
  CHUNK_RANGE,
  defineNorm,
  ENTRY,
  type OverSpec,
  perChunk,
  perValue,
  type ThreadsSpec,
  TILE,
  type TileSpec,
} from './normKernels.ts';

/**
 * How the gradient learns the sign before the activation: there is none, from x again, or, where a residual was added, from
 * the saved output. Then the first pass writes the gradient through the activation, which is that of the residual too. The
 * second takes it from x; where it has nothing to mask, `slope` is 1.
 */
export type MaskFrom = 'none' | 'input' | 'output';
export interface SumsSpec extends OverSpec {
  readonly mask: MaskFrom;
}
export interface GradientSpec extends TileSpec {
  /** Whether the gradients of scale and shift are written as well. */
  readonly writesAffine: boolean;
}

/** `d`: dy through the activation; `standard`: the normalised x. `at` and, for mask `input`, `gamma` and `beta` are the channel's. */
const UPSTREAM: Readonly<Record<MaskFrom, string>> = {
  none: 'let d = dy[i];',
  input: 'let d = dy[i] * select(u.slope, 1.0, centred * slant + shift > 0.0);',
  output: 'let d = dy[i] * select(u.slope, 1.0, y[i] > 0.0);',
};
const channelOf = ({ affine }: OverSpec, mask: MaskFrom): string => `let at = statistics[statisticAt(image, c)];
    ${mask === 'input' ? `let slant = at.y${affine ? ' * gamma[c]' : ''}; let shift = ${affine ? 'beta[c]' : '0.0'};` : ''}`;
const standardised = (mask: MaskFrom): string => `let centred = x[i] - at.x;
      let standard = centred * at.y;
      ${UPSTREAM[mask]}`;

/** Sums of d and d * standardised x of every [image, chunk, channel]; `d` itself where the mask comes from the output. */
export const normGradientSums = defineNorm({
  name: 'normGradientSums',
  inputs: ({ affine, mask }) => ({
    ...{ x: 'f32', dy: 'f32', statistics: 'vec2f' },
    ...when(affine && mask === 'input', { gamma: 'f32', beta: 'f32' }),
    ...when(mask === 'output', { y: 'f32' }),
  }),
  outputs: ({ mask }) => ({ sums: 'vec2f', ...when(mask === 'output', { masked: 'f32' }) }),
  wgsl: (spec: SumsSpec) => `${CHUNK_RANGE(spec.over)}
${perChunk(
  channelOf(spec, spec.mask),
  `${standardised(spec.mask)} sum += vec2f(d, d * standard); ${spec.mask === 'output' ? 'masked[i] = d;' : ''}`,
  'sums[place] = sum;',
)}`,
});

/** Adds the sums of all images for the tile's scale and shift, whose gradients they are: one workgroup of every tile. */
const AFFINE = `
  if (start == 0 && image == 0) {
    for (var k = thread; k < tileSize; k += THREADS) {
      var sum = vec2f(0.0);
      for (var chunk = 0; chunk < u.batch * u.chunks; chunk++) { sum += sums[chunk * u.channels + tileStart + k]; }
      dGamma[tileStart + k] = sum.y;
      dBeta[tileStart + k] = sum.x;
    }
  }`;

const mergeSums = ({ over, affine }: OverSpec): string => `
  for (var k = thread; k < tileSize; k += THREADS) {
    let first = firstChunk(image);
    var sum = vec2f(0.0);
    for (var chunk = first; chunk < first + chunkCount(); chunk++) { sum += sums[chunk * u.channels + tileStart + k]; }
    merged[k] = sum${affine ? ' * gamma[tileStart + k]' : ''};
  }
  workgroupBarrier();
  for (var g = thread; g < tileSize / u.groupChannels; g += THREADS) {
    var sum = vec2f(0.0);
    for (var k = 0; k < u.groupChannels; k++) { sum += merged[g * u.groupChannels + k]; }
    groupMeans[g] = sum / f32(u.groupChannels * u.pixels * ${over === 'batch' ? 'u.batch' : '1'});
  }
  workgroupBarrier();`;

/** dx = (gamma * d - mean(gamma * d) - standard * mean(gamma * d * standard)) / deviation (Ioffe and Szegedy 2015, section 3). */
export const normGradient = defineNorm({
  name: 'normGradient',
  inputs: ({ over, affine, writesAffine }) => ({
    ...{ x: 'f32', dy: 'f32', statistics: 'vec2f' },
    ...when(over !== 'given' || writesAffine, { sums: 'vec2f' }),
    ...when(affine, { gamma: 'f32', beta: 'f32' }),
  }),
  outputs: ({ writesAffine }) => ({ dx: 'f32', ...when(writesAffine, { dGamma: 'f32', dBeta: 'f32' }) }),
  wgsl: (spec: GradientSpec) => {
    const { over, affine, tile, writesAffine } = spec;
    const given = over === 'given';
    return `${CHUNK_RANGE(over)}
${given ? '' : `var<workgroup> merged: array<vec2f, ${tile}>;\nvar<workgroup> groupMeans: array<vec2f, ${tile}>;`}
${ENTRY}
  ${TILE}
  ${given ? '' : mergeSums(spec)}
  ${writesAffine ? AFFINE : ''}
  ${perValue(
    `${channelOf(spec, 'input')}
    let scale = ${affine ? 'gamma[c]' : '1.0'};
    let means = ${given ? 'vec2f(0.0)' : 'groupMeans[k / u.groupChannels]'};`,
    `${standardised('input')}
      dx[i] = at.y * (scale * d - means.x - standard * means.y);`,
  )}
}`;
  },
});

/** Gradients to shift and scale in a dispatch of their own, where `normGradient` cannot bind buffers for them. */
export const normAffineGradient = defineNorm({
  name: 'normAffineGradient',
  inputs: { sums: 'vec2f' },
  outputs: { dGamma: 'f32', dBeta: 'f32' },
  wgsl: (_: ThreadsSpec) =>
    perElement(
      'u.channels',
      `var sum = vec2f(0.0);
  for (var chunk = 0; chunk < u.batch * u.chunks; chunk++) { sum += sums[chunk * u.channels + index]; }
  dGamma[index] = sum.y;
  dBeta[index] = sum.x;`,
    ),
});
