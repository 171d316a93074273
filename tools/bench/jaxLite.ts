// The network `lite`, its small discriminator and their losses in jax-js, to be compiled there. Maps are [n, c, h, w]. Every
// function consumes the arrays that it is given; `weights(name)` gives a reference of its own each time.
import type { JaxArray } from './jaxArrays.ts';

export type Jax = typeof import('@jax-js/jax');
export type JaxTree = Record<string, JaxArray>;
/** By the names that our networks give them; scale, shift and bias are [1, c, 1, 1]. */
export type JaxWeights = (name: string) => JaxArray;

export const weightsOf =
  (tree: JaxTree): JaxWeights =>
  (name) => {
    const found = tree[name];
    if (found === undefined) throw new RangeError(`There is no parameter "${name}".`);
    return found.ref;
  };

/** Class scores [n, 19, h, w]. */
export function jaxLite(jax: Jax, weights: JaxWeights, images: JaxArray): JaxArray {
  const { lax, numpy, nn } = jax;
  const convolve = (name: string, x: JaxArray, stride = 1, dilation = 1): JaxArray => {
    const filter = weights(`${name}.weight`);
    const padding = dilation * ((filter.shape[2] ?? 1) >> 1);
    const pads: [number, number][] = [
      [padding, padding],
      [padding, padding],
    ];
    return lax.convGeneralDilated(x, filter, [stride, stride], pads, { rhsDilation: [dilation, dilation] });
  };
  const normalise = (name: string, x: JaxArray): JaxArray => {
    const [batch, channels, height, width] = x.shape as [number, number, number, number];
    const groups = Math.max(1, Math.floor(channels / 8));
    const z = x.reshape([batch, groups, (channels / groups) * height * width]);
    const centred = z.ref.sub(numpy.mean(z, 2, { keepdims: true }));
    const variance = numpy.mean(numpy.square(centred.ref), 2, { keepdims: true });
    return centred
      .mul(numpy.reciprocal(numpy.sqrt(variance.add(1e-5))))
      .reshape([batch, channels, height, width])
      .mul(weights(`${name}.weight`))
      .add(weights(`${name}.bias`));
  };
  const unit = (name: string, x: JaxArray, stride = 1, dilation = 1): JaxArray =>
    nn.relu(normalise(`${name}.1`, convolve(`${name}.0`, x, stride, dilation)));

  const atHalf = unit('s1', images, 2);
  const atQuarter = unit('s2.1', unit('s2.0', atHalf.ref, 2));
  let x = unit('s3', atQuarter.ref, 2);
  [1, 2, 4].forEach((dilation, i) => {
    const inside = unit(`blocks.${i}.b`, unit(`blocks.${i}.a`, x.ref), 1, dilation);
    x = nn.relu(x.add(normalise(`blocks.${i}.n`, convolve(`blocks.${i}.c`, inside))));
  });
  const branches = [unit('aspp.0', x.ref), ...[1, 2, 4].map((rate, i) => unit(`aspp.${i + 1}`, x.ref, 1, rate))];
  x.dispose();
  const wide = unit('red', numpy.concatenate(branches, 1));
  const decoded = unit('mix', numpy.concatenate([enlarge(jax, wide), atQuarter], 1));
  const scores = convolve('head', decoded).add(weights('head.bias'));
  return enlarge(jax, enlarge(jax, scores).add(convolve('low', atHalf)));
}

/** By 2 along both sides, half-pixel centres: a quarter of the one neighbour, three of the nearer. */
function enlarge({ numpy }: Jax, x: JaxArray): JaxArray {
  const along = (x: JaxArray, axis: 2 | 3): JaxArray => {
    const shape = x.shape;
    const part = (from: number, to?: number): JaxArray => {
      const range: [number] | [number, number] = to === undefined ? [from] : [from, to];
      return axis === 2 ? x.ref.slice([], [], range) : x.ref.slice([], [], [], range);
    };
    const before = numpy.concatenate([part(0, 1), part(0, -1)], axis);
    const after = numpy.concatenate([part(1), part(-1)], axis);
    const near = x.mul(0.75);
    const pairs = numpy.stack([near.ref.add(before.mul(0.25)), near.add(after.mul(0.25))], axis + 1);
    return pairs.reshape(shape.map((side, i) => (i === axis ? 2 * side : side)));
  };
  return along(along(x, 2), 3);
}

/** Pooled probability maps to one logit per patch. */
function jaxDiscriminator({ lax, nn }: Jax, weights: JaxWeights, maps: JaxArray): JaxArray {
  const layer = (place: number, x: JaxArray, stride: number): JaxArray =>
    lax
      .convGeneralDilated(
        x,
        weights(`f.${place}.weight`),
        [stride, stride],
        [
          [1, 1],
          [1, 1],
        ],
      )
      .add(weights(`f.${place}.bias`));
  const hidden = [0, 2, 4].reduce((x, place) => nn.leakyRelu(layer(place, x, 2), 0.2), maps);
  return layer(6, hidden, 1);
}

/** Mean cross-entropy of the discriminator's answers against one label. */
export function jaxJudged(jax: Jax, weights: JaxWeights, maps: JaxArray, label: 0 | 1): JaxArray {
  const logits = jaxDiscriminator(jax, weights, maps);
  return jax.numpy.mean(jax.nn.softplus(label === 1 ? logits.mul(-1) : logits));
}

/** Softmax at a temperature, averaged over squares of 4 pixels a side. */
export function jaxMap({ numpy, nn }: Jax, logits: JaxArray, temperature: number): JaxArray {
  const [batch, classes, height, width] = logits.shape as [number, number, number, number];
  const probabilities = nn.softmax(logits.mul(1 / temperature), 1);
  return numpy.mean(probabilities.reshape([batch, classes, height / 4, 4, width / 4, 4]), [3, 5]);
}

/**
 * `weights` [1, classes, 1, 1]; labels [n, h, w] int32, where 255 is no class. By comparison: its compiled `oneHot` takes an index
 * that is out of range for another one.
 */
export function jaxWeightedCrossEntropy(
  { numpy, nn }: Jax,
  logits: JaxArray,
  labels: JaxArray,
  weights: JaxArray,
): JaxArray {
  const [batch, classes, height, width] = logits.shape as [number, number, number, number];
  const indices = numpy.arange(classes).astype(numpy.int32).reshape([1, classes, 1, 1]);
  const rows = numpy
    .equal(labels.reshape([batch, 1, height, width]), indices)
    .astype(numpy.float32)
    .mul(weights);
  return numpy.sum(nn.logSoftmax(logits, 1).mul(rows.ref)).div(numpy.sum(rows)).mul(-1);
}
