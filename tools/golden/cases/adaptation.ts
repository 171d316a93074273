// Golden cases of adversarial adaptation: its discriminator, and whole iterations of training by the methods' own step.
import { invariant } from '../../../src/domain/errors.ts';
import { ganLoss } from '../../../src/engine/losses/adversarial/adversarial.ts';
import { type AdversarialState, DISCRIMINATOR_ADAM } from '../../../src/engine/methods/parts/alignment/settings.ts';
import {
  type AdversarialGradients,
  type AdversarialImages,
  adversarialGradients,
  applyAdversarial,
} from '../../../src/engine/methods/parts/alignment/step.ts';
import { upsampled } from '../../../src/engine/networks/core/levels.ts';
import { type Network, networkOf } from '../../../src/engine/networks/core/network.ts';
import { buildFullDiscriminator } from '../../../src/engine/networks/discriminators/fullDiscriminator.ts';
import { ParameterScope } from '../../../src/engine/nn/parameters.ts';
import { confidentLabels } from '../../../src/engine/ops/confidentLabels/confidentLabels.ts';
import { boxMask } from '../../../src/engine/ops/mix/masks.ts';
import { mixImages, mixLabels } from '../../../src/engine/ops/mix/mix.ts';
import { adamPlan, createAdam, createSgd } from '../../../src/engine/optim/optimiser.ts';
import * as tf from '../../../src/engine/tf.ts';
import type { GoldenCase, GoldenExecutor, GoldenResults } from './goldenCase.ts';
import { assignRule, deepLabV2FromCase, summarised } from './networks.ts';

const START = { seed: 0, start: 'zeros' } as const;

export const ADAPTATION_CASES: Readonly<Record<string, GoldenExecutor>> = {
  network_fcdiscriminator: runDiscriminator,
  train_adaptsegnet: train,
  train_udas: train,
};

function runDiscriminator(golden: GoldenCase): GoldenResults {
  const shape = { from: golden.number('in_channels'), width: golden.number('ndf') };
  const discriminator = buildFullDiscriminator(START, shape);
  assignRule(golden, discriminator.parameters);
  const x = tf.variable(golden.tensor('x'));
  const values: Record<string, tf.Tensor> = {};
  const { grads } = tf.variableGrads(() => {
    const y = discriminator.forward(x as tf.Tensor4D, 'train');
    values.y = tf.keep(tf.clone(y));
    return tf.sum(tf.mul(y, golden.tensor('dy')));
  }, [x, ...discriminator.parameters.map(({ variable }) => variable)]);
  values.d_x = grads[x.name] as tf.Tensor;
  for (const { name, variable } of discriminator.parameters) values[`d_${name}`] = grads[variable.name] as tf.Tensor;
  const results = [...golden.tensors.values()].filter(({ role }) => role === 'output' || role === 'grad');
  const named = Object.fromEntries(results.map(({ name }) => [name, summarised(golden, name, values)]));
  if (!Object.values(named).includes(values.y as tf.Tensor)) values.y?.dispose();
  x.dispose();
  discriminator.dispose();
  return named;
}

/** The case's names. */
const PARTS: Readonly<Record<string, string>> = { segmenter: 'G', discriminator: 'D1', discriminatorAux: 'D2' };

type Planned = Parameters<typeof applyAdversarial>[2];
type Series = Record<string, tf.Scalar[]>;

function train(golden: GoldenCase): GoldenResults {
  const state = stateOf(golden);
  const named = assignParts(golden, state);
  const first = new Map(named.map(({ name, variable }) => [name, tf.clone(variable)]));
  const results: Record<string, tf.Tensor> = {};
  const series: Series = {};
  for (let step = 0; step < golden.number('iters'); step++) {
    const planned = plannedOf(golden, step);
    const images = imagesOf(golden, step);
    append(series, keptPixels(state, images, planned));
    const gradients = adversarialGradients(state, images, planned);
    append(series, gradients.losses);
    append(series, discriminatorHalves(state, gradients.levels));
    if (step === 0) Object.assign(results, firstGradients(state, gradients.segmenter));
    applyAdversarial(state, gradients, planned);
  }
  for (const [name, values] of Object.entries(series)) results[name] = tf.stack(values);
  for (const { name, variable } of named) {
    results[`after__${name}`] = tf.clone(variable);
    results[`delta__${name}`] = tf.sub(variable, first.get(name) ?? tf.scalar(Number.NaN));
  }
  results.final_logits_on_tgt_image_0 = state.low(golden.tensor('tgt_image_0'));
  for (const part of [...Object.values(state.networks), ...Object.values(state.optimisers)]) part.dispose();
  return Object.fromEntries(Object.entries(results).filter(([name]) => golden.has(name)));
}

function append(series: Series, values: Readonly<Record<string, tf.Scalar>>): void {
  for (const [name, value] of Object.entries(values)) series[name] = [...(series[name] ?? []), value];
}

/** Gives the networks of `state` the case's parameters, and lists them under its names. */
function assignParts(golden: GoldenCase, { networks }: AdversarialState): { name: string; variable: tf.Variable }[] {
  return Object.entries<Network>(networks).flatMap(([role, { parameters }]) => {
    assignRule(golden, parameters, PARTS[role]);
    return parameters.map(({ name, variable }) => ({ name: `${PARTS[role]}.${name}`, variable }));
  });
}

/** The two halves of each discriminator's loss, which the method reports as one. */
function discriminatorHalves(
  { networks }: AdversarialState,
  levels: AdversarialGradients['levels'],
): Record<string, tf.Scalar> {
  const discriminators = [networks.discriminator, networks.discriminatorAux];
  const entries = levels.flatMap(({ maps }, level) => {
    const discriminator = discriminators[level];
    invariant(discriminator !== undefined, () => 'Every level has a discriminator.');
    const half = (map: tf.Tensor4D, label: 0 | 1): tf.Scalar =>
      tf.mul(ganLoss('bce', discriminator.forward(map, 'train'), label), 0.5);
    const suffix = level === 0 ? '' : '_aux';
    return [
      [`loss_D_source${suffix}`, half(maps.source, 0)],
      [`loss_D_target${suffix}`, half(maps.target, 1)],
    ] as const;
  });
  return Object.fromEntries(entries);
}

function firstGradients({ optimisers }: AdversarialState, gradients: readonly tf.Tensor[]): Record<string, tf.Tensor> {
  const parameters = [...optimisers.segmenter.parameters, ...(optimisers.classifier?.parameters ?? [])];
  return Object.fromEntries(
    parameters.flatMap(({ name }, i) => {
      const gradient = gradients[i];
      return gradient === undefined ? [] : [[`grad_iter0__G.${name}`, gradient]];
    }),
  );
}

/** The case as a state of the method. `low`: the main scores before they are scaled up. */
function stateOf(golden: GoldenCase): AdversarialState & { low(images: tf.Tensor4D): tf.Tensor4D } {
  const net = golden.record('net');
  const classes = golden.number('num_classes', net);
  const scope = new ParameterScope(START);
  const levels = deepLabV2FromCase(scope, golden, net);
  const segmenter = networkOf(golden.name, scope, {
    ...upsampled(levels, (images) => images, { alignCorners: true }),
    isClassifier: (name) => name.startsWith('layer5.') || name.startsWith('layer6.'),
  });
  const width = golden.number('ndf', golden.record('discriminator'));
  const build = (): Network => buildFullDiscriminator(START, { from: classes, width });
  const discriminator = build();
  const discriminatorAux = segmenter.forwardLevels === undefined ? undefined : build();
  const sgd = { momentum: golden.number('momentum'), weightDecay: golden.number('weight_decay'), nesterov: false };
  const adam = ({ parameters }: Network) => createAdam(parameters, adamOf(golden));
  const of = (inClassifier: boolean) =>
    segmenter.parameters.filter(({ name }) => segmenter.isClassifier?.(name) === inClassifier);
  return {
    networks: { segmenter, discriminator, ...(discriminatorAux === undefined ? {} : { discriminatorAux }) },
    optimisers: {
      segmenter: createSgd(of(false), sgd),
      classifier: createSgd(of(true), sgd),
      discriminator: adam(discriminator),
      ...(discriminatorAux === undefined ? {} : { discriminatorAux: adam(discriminatorAux) }),
    },
    classWeights: tf.ones([classes]),
    ganLoss: 'bce',
    discriminatorKind: 'full',
    maskReading: golden.op === 'train_udas' ? 'labels' : 'target',
    size: { width: 0, height: 0 },
    low: (images) => levels.main(images, 'evaluate'),
  };
}

function adamOf(golden: GoldenCase): typeof DISCRIMINATOR_ADAM {
  const [beta1, beta2] = golden.pair('betas_D');
  return { ...DISCRIMINATOR_ADAM, beta1, beta2, epsilon: golden.number('adam_eps') };
}

function plannedOf(golden: GoldenCase, step: number): Planned {
  const decay = (1 - step / golden.number('max_iter')) ** golden.number('power');
  const lr = golden.number('lr') * decay;
  const plan = adamPlan(golden.number('lr_D') * decay, step, adamOf(golden));
  const { lambda_adv, lambda_seg } = golden.attributes;
  const [main, aux] = Array.isArray(lambda_adv) ? golden.pair('lambda_adv') : [golden.number('lambda_adv'), 0];
  const isUdas = golden.op === 'train_udas';
  return {
    lr: tf.scalar(lr),
    correction1: tf.scalar(1),
    correction2: tf.scalar(1),
    lr_classifier: tf.scalar(10 * lr),
    lr_discriminator: tf.scalar(plan.lr),
    discriminatorCorrection1: tf.scalar(plan.correction1),
    discriminatorCorrection2: tf.scalar(plan.correction2),
    temperature: tf.scalar(isUdas ? golden.number('temperature') : 1),
    threshold: tf.scalar(isUdas ? golden.number('conf_tau') : 0),
    lambdaAdv: tf.scalar(main),
    lambdaAdvAux: tf.scalar(aux),
    lambdaSegAux: tf.scalar(typeof lambda_seg === 'number' ? lambda_seg : 0),
  } as unknown as Planned;
}

function imagesOf(golden: GoldenCase, step: number): AdversarialImages {
  const labelled = (domain: string) => ({
    images: golden.tensor<tf.Tensor4D>(`${domain}_image_${step}`),
    labels: golden.tensor<tf.Tensor3D>(`${domain}_labels_${step}`),
  });
  const source = labelled('src');
  const target = golden.tensor<tf.Tensor4D>(`tgt_image_${step}`);
  const { boxes } = golden.attributes;
  if (!Array.isArray(boxes)) return { source, target };
  const pasted = labelled('tgt');
  const mask = boxMask(tf.tensor2d([boxes[step] as number[]]), [source.labels.shape[1], source.labels.shape[2]]);
  return {
    source,
    target,
    mixed: {
      images: mixImages(pasted.images, source.images, mask),
      labels: mixLabels(pasted.labels, source.labels, mask),
      weight: tf.scalar(golden.number('lambda_cm')),
    },
  };
}

/** How many pixels of the mixed image count. */
function keptPixels(
  { networks }: AdversarialState,
  { mixed }: AdversarialImages,
  { temperature, threshold }: Planned,
): Record<string, tf.Scalar> {
  if (mixed === undefined) return {};
  const logits = networks.segmenter.forward(mixed.images, 'train');
  const { kept } = confidentLabels(logits, { temperature, threshold });
  const isLabelled = tf.cast(tf.notEqual(mixed.labels, tf.scalar(255, 'int32')), 'float32');
  return { cutmix_kept_pixels: tf.sum(tf.mul(kept, isLabelled)) };
}
