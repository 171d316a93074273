// Some fused operations in jax-js, compiled with their gradients. Maps are [n, c, h, w] there.
import type * as tf from '../../src/engine/tf.ts';
import type { JaxWork } from './benchCase.ts';
import { type JaxArray, jaxWork, openJax, toJax } from './jaxArrays.ts';
import { jaxWeightedCrossEntropy } from './jaxLite.ts';

export interface GroupNormOperands {
  readonly x: tf.Tensor4D;
  readonly gamma: tf.Tensor1D;
  readonly beta: tf.Tensor1D;
  readonly residual: tf.Tensor4D | null;
  readonly dy: tf.Tensor4D;
}

/** Group normalisation with ReLU: value and gradients to x, gamma, beta and residual. */
export async function jaxGroupNorm(operands: GroupNormOperands, groups: number): Promise<JaxWork> {
  const { numpy, nn, jit, vjp } = await openJax();
  const [batch, height, width, channels] = operands.x.shape;
  const wide = async (x: tf.Tensor1D): Promise<JaxArray> => (await toJax(x)).reshape([1, channels, 1, 1]);
  const inputs = [
    await toJax(operands.x),
    await wide(operands.gamma),
    await wide(operands.beta),
    ...(operands.residual === null ? [] : [await toJax(operands.residual)]),
  ];
  const dy = await toJax(operands.dy);
  const normalise = (x: JaxArray, gamma: JaxArray, beta: JaxArray, residual?: JaxArray): JaxArray => {
    const z = x.reshape([batch, groups, (channels / groups) * height * width]);
    const centred = z.ref.sub(numpy.mean(z, 2, { keepdims: true }));
    const variance = numpy.mean(numpy.square(centred.ref), 2, { keepdims: true });
    const standard = centred
      .mul(numpy.reciprocal(numpy.sqrt(variance.add(1e-5))))
      .reshape([batch, channels, height, width]);
    const y = standard.mul(gamma).add(beta);
    return nn.relu(residual === undefined ? y : y.add(residual));
  };
  const run = jit((dy: JaxArray, ...xs: JaxArray[]): JaxArray[] => {
    const [y, back] = vjp(normalise, xs as [JaxArray, JaxArray, JaxArray, JaxArray?]);
    const gradients = back(dy) as JaxArray[];
    return [y, ...gradients];
  });
  const kinds = ['map', 'map', 'plain', 'plain', 'map'] as const;
  return jaxWork(() => run(dy.ref, ...inputs.map((x) => x.ref)), kinds, [dy, ...inputs]);
}

/** Class-weighted cross-entropy over the weights of the counted pixels: value and gradient. */
export async function jaxCrossEntropy(
  logits: tf.Tensor4D,
  labels: tf.Tensor3D,
  classWeights: tf.Tensor1D,
): Promise<JaxWork> {
  const jax = await openJax();
  const { jit, valueAndGrad } = jax;
  const classes = logits.shape[3];
  const z = await toJax(logits);
  const truth = await toJax(labels);
  const weights = (await toJax(classWeights)).reshape([1, classes, 1, 1]);
  const loss = (z: JaxArray, truth: JaxArray, weights: JaxArray): JaxArray =>
    jaxWeightedCrossEntropy(jax, z, truth, weights);
  const run = jit((z: JaxArray, truth: JaxArray, weights: JaxArray) => valueAndGrad(loss)(z, truth, weights));
  return jaxWork(() => run(z.ref, truth.ref, weights.ref) as JaxArray[], ['plain', 'map'], [z, truth, weights]);
}

/** The entropy map: value and gradient. */
export async function jaxEntropy(logits: tf.Tensor4D, upstream: tf.Tensor4D): Promise<JaxWork> {
  const { numpy, nn, jit, vjp } = await openJax();
  const z = await toJax(logits);
  const dy = await toJax(upstream);
  const scale = -1 / Math.log(logits.shape[3]);
  const entropy = (z: JaxArray): JaxArray => {
    const logProbabilities = nn.logSoftmax(z, 1);
    return numpy.exp(logProbabilities.ref).mul(logProbabilities).mul(scale);
  };
  const run = jit((dy: JaxArray, z: JaxArray): JaxArray[] => {
    const [y, back] = vjp(entropy, [z]);
    return [y, ...(back(dy) as JaxArray[])];
  });
  return jaxWork(() => run(dy.ref, z.ref), ['map', 'map'], [z, dy]);
}
