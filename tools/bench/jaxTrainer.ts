// Training steps of `lite` in jax-js: gradients and updates compiled, the state handed on from step to step.
import type { HostBatch } from '../../src/domain/dataset.ts';
import type { Parameter } from '../../src/engine/nn/parameters.ts';
import { adamCorrections } from '../../src/engine/ops/optimise/adamUpdate.ts';
import { type JaxArray, openJax, toJax } from './jaxArrays.ts';
import { type Jax, type JaxTree, jaxJudged, jaxLite, jaxMap, jaxWeightedCrossEntropy, weightsOf } from './jaxLite.ts';
import type { StockRates, StockSettings } from './stockTrainer.ts';

export interface JaxTrainer {
  /** Queues a step; the losses of the one before are given back. */
  step(source: HostBatch, target: HostBatch | null, rates: StockRates): void;
  settle(): Promise<void>;
  /** Of the last step: segmentation, adversarial, discriminator. */
  losses(): Promise<number[]>;
  dispose(): void;
}

/** Adam's state of one network. */
interface Part {
  readonly beta2: number;
  weights: JaxTree;
  first: JaxTree;
  second: JaxTree;
  updates: number;
}

const BETA1 = 0.9;
const EPSILON = 1e-8;

export async function createJaxTrainer(
  segmenter: readonly Parameter[],
  discriminator: readonly Parameter[] | null,
  settings: Omit<StockSettings, 'way'>,
): Promise<JaxTrainer> {
  const jax = await openJax();
  const classWeights = jax.numpy.array(settings.classWeights, { shape: [1, settings.classWeights.length, 1, 1] });
  const network = await partOf(jax, segmenter, 0.999);
  const judge = discriminator === null ? null : await partOf(jax, discriminator, 0.99);
  const compiled = compile(jax, settings);
  let last: JaxArray[] = [];
  const drop = (): void => {
    for (const loss of last) loss.dispose();
    last = [];
  };
  return {
    step: (source, target, rates) => {
      const labels = jax.numpy.array(Int32Array.from(source.labels ?? []), {
        shape: [source.count, source.size.height, source.size.width],
      });
      const images = compiled.normalise(imagesOf(jax, target === null ? [source] : [source, target]));
      if (judge === null) {
        const [loss, gradients] = compiled.sourceGradients(refs(network.weights), images, labels, classWeights.ref);
        drop();
        last = [loss];
        update(jax, compiled, network, gradients, rates.lr);
        return;
      }
      const [[total, terms], gradients] = compiled.gradients(
        refs(network.weights),
        refs(judge.weights),
        images,
        labels,
        classWeights.ref,
      );
      total.dispose();
      const [segmentation, adversarial, ours, theirs] = terms as [JaxArray, JaxArray, JaxArray, JaxArray];
      const [judged, judgeGradients] = compiled.judgeGradients(refs(judge.weights), ours, theirs);
      drop();
      last = [segmentation, adversarial, judged];
      update(jax, compiled, network, gradients, rates.lr);
      update(jax, compiled, judge, judgeGradients, rates.lrDiscriminator);
    },
    settle: async () => {
      await jax.blockUntilReady([last, network.weights, judge?.weights ?? {}]);
    },
    losses: () => Promise.all(last.map(async (loss) => Number((await loss.ref.data())[0]))),
    dispose: () => {
      drop();
      classWeights.dispose();
      for (const part of [network, judge]) {
        for (const tree of [part?.weights, part?.first, part?.second]) {
          for (const array of Object.values(tree ?? {})) array.dispose();
        }
      }
    },
  };
}

async function partOf({ numpy }: Jax, parameters: readonly Parameter[], beta2: number): Promise<Part> {
  const part: Part = { beta2, weights: {}, first: {}, second: {}, updates: 0 };
  for (const { name, variable } of parameters) {
    const values =
      variable.rank === 4 ? await toJax(variable, 'filter') : (await toJax(variable)).reshape([1, -1, 1, 1]);
    part.weights[name] = values;
    part.first[name] = numpy.zeros(values.shape);
    part.second[name] = numpy.zeros(values.shape);
  }
  return part;
}

const refs = (tree: JaxTree): JaxTree =>
  Object.fromEntries(Object.entries(tree).map(([name, array]) => [name, array.ref]));

/** Bytes [n, h, w, 3] of all batches together, as they come. */
function imagesOf({ numpy }: Jax, batches: readonly HostBatch[]): JaxArray {
  const [{ size }] = batches as [HostBatch];
  const count = batches.reduce((sum, batch) => sum + batch.count, 0);
  const values = new Int32Array(count * size.height * size.width * 3);
  let offset = 0;
  for (const { images } of batches) {
    values.set(images, offset);
    offset += images.length;
  }
  return numpy.array(values, { shape: [count, size.height, size.width, 3] });
}

function compile(jax: Jax, { lambdaAdv, temperature }: Omit<StockSettings, 'way'>) {
  const { jit, numpy, valueAndGrad } = jax;
  const sourceLoss = (weights: JaxTree, images: JaxArray, labels: JaxArray, classWeights: JaxArray): JaxArray =>
    jaxWeightedCrossEntropy(jax, jaxLite(jax, weightsOf(weights), images), labels, classWeights);
  const loss = (
    weights: JaxTree,
    judge: JaxTree,
    images: JaxArray,
    labels: JaxArray,
    classWeights: JaxArray,
  ): [JaxArray, JaxArray[]] => {
    const logits = jaxLite(jax, weightsOf(weights), images);
    const count = labels.shape[0] ?? 0;
    const ours = logits.ref.slice([0, count]);
    const theirs = logits.slice([count]);
    const sourceMap = jaxMap(jax, ours.ref, temperature);
    const targetMap = jaxMap(jax, theirs, temperature);
    const segmentation = jaxWeightedCrossEntropy(jax, ours, labels, classWeights);
    const adversarial = jaxJudged(jax, weightsOf(judge), targetMap.ref, 0);
    return [segmentation.ref.add(adversarial.ref.mul(lambdaAdv)), [segmentation, adversarial, sourceMap, targetMap]];
  };
  const judgeLoss = (judge: JaxTree, ours: JaxArray, theirs: JaxArray): JaxArray =>
    jaxJudged(jax, weightsOf(judge), ours, 0)
      .add(jaxJudged(jax, weightsOf(judge), theirs, 1))
      .mul(0.5);
  return {
    normalise: jit(
      (bytes: JaxArray): JaxArray =>
        numpy
          .transpose(bytes.astype(numpy.float32), [0, 3, 1, 2])
          .mul(1 / 127.5)
          .sub(1),
    ),
    sourceGradients: jit((weights: JaxTree, images: JaxArray, labels: JaxArray, classWeights: JaxArray) =>
      valueAndGrad(sourceLoss)(weights, images, labels, classWeights),
    ),
    gradients: jit((weights: JaxTree, judge: JaxTree, images: JaxArray, labels: JaxArray, classWeights: JaxArray) =>
      valueAndGrad(loss, { hasAux: true })(weights, judge, images, labels, classWeights),
    ),
    judgeGradients: jit((judge: JaxTree, ours: JaxArray, theirs: JaxArray) =>
      valueAndGrad(judgeLoss)(judge, ours, theirs),
    ),
    adam: jit(adamOf(jax)),
  };
}

/** One tensor's update; `rates` [4]: learning rate, both corrections, beta2. */
const adamOf =
  ({ numpy }: Jax) =>
  (value: JaxArray, gradient: JaxArray, first: JaxArray, second: JaxArray, rates: JaxArray): JaxArray[] => {
    const rate = (i: number): JaxArray => rates.ref.slice(i);
    const newFirst = first.mul(BETA1).add(gradient.ref.mul(1 - BETA1));
    const newSecond = second.mul(rate(3)).add(numpy.square(gradient).mul(numpy.subtract(1, rate(3))));
    const spread = numpy.sqrt(newSecond.ref.div(rate(2))).add(EPSILON);
    const next = value.sub(newFirst.ref.div(rate(1)).div(spread).mul(rate(0)));
    return [next, newFirst, newSecond];
  };

function update(
  { numpy }: Jax,
  { adam }: ReturnType<typeof compile>,
  part: Part,
  gradients: JaxTree,
  learningRate: number,
): void {
  part.updates += 1;
  const { correction1, correction2 } = adamCorrections(part.updates, BETA1, part.beta2);
  const rates = numpy.array(Float32Array.of(learningRate, correction1, correction2, part.beta2));
  for (const [name, value] of Object.entries(part.weights)) {
    const [gradient, first, second] = [gradients[name], part.first[name], part.second[name]];
    if (gradient === undefined || first === undefined || second === undefined) throw new RangeError(name);
    const [next, newFirst, newSecond] = adam(value, gradient, first, second, rates.ref) as [
      JaxArray,
      JaxArray,
      JaxArray,
    ];
    part.weights[name] = next;
    part.first[name] = newFirst;
    part.second[name] = newSecond;
  }
  rates.dispose();
}
