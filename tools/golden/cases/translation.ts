// Golden cases of style transfer: CycleGAN's networks, and whole iterations of its training by the method's own step.

import { invariant } from '../../../src/domain/errors.ts';
import { CYCLEGAN_ADAM, type CycleGanNetworks, optimisersOf } from '../../../src/engine/methods/cyclegan/settings.ts';
import { generatorGradients, type Pictures, updateCycleGan } from '../../../src/engine/methods/cyclegan/step.ts';
import type { Network } from '../../../src/engine/networks/core/network.ts';
import { buildPatchGan } from '../../../src/engine/networks/translation/patchGan.ts';
import { buildResnetGenerator } from '../../../src/engine/networks/translation/resnetGenerator.ts';
import type { Parameter } from '../../../src/engine/nn/parameters.ts';
import { adamPlan } from '../../../src/engine/optim/optimiser.ts';
import * as tf from '../../../src/engine/tf.ts';
import { arraysOfParameters, assignStored, matchNames } from '../../../src/engine/training/namedArrays.ts';
import type { GoldenCase, GoldenExecutor, GoldenResults } from './goldenCase.ts';
import { ruleParameters } from './weightRule.ts';

const START = { seed: 0, start: 'zeros' } as const;

export const TRANSLATION_CASES: Readonly<Record<string, GoldenExecutor>> = {
  network_cyclegan_generator: (golden) => differentiateNetwork(golden, generatorOf(golden)),
  network_patchgan: (golden) => differentiateNetwork(golden, discriminatorOf(golden)),
  train_cyclegan: train,
};

const generatorOf = (golden: GoldenCase) =>
  buildResnetGenerator(START, { id: golden.name, width: golden.number('ngf'), blocks: golden.number('blocks') });
const discriminatorOf = (golden: GoldenCase) => buildPatchGan(START, { id: golden.name, width: golden.number('ndf') });

/** The value of a network and the gradients of sum(y * dy) that the case stores. */
function differentiateNetwork(golden: GoldenCase, network: Network): GoldenResults {
  assignRule(golden, network.parameters, { prefix: '' });
  const x = tf.variable(golden.tensor('x'));
  const wanted = network.parameters.filter(({ name }) => golden.has(`d_${name}`));
  const results: Record<string, tf.Tensor> = {};
  const { grads } = tf.variableGrads(() => {
    const y = network.forward(x as tf.Tensor4D, 'train');
    results.y = tf.keep(tf.clone(y));
    return tf.sum(tf.mul(y, golden.tensor('dy')));
  }, [x, ...wanted.map(({ variable }) => variable)]);
  results.d_x = grads[x.name] as tf.Tensor;
  for (const { name, variable } of wanted) results[`d_${name}`] = grads[variable.name] as tf.Tensor;
  x.dispose();
  network.dispose();
  return results;
}

/** The case's names: G_A is G, D_A judges what it makes. */
const PARTS = {
  toTarget: 'G_A',
  toSource: 'G_B',
  targetDiscriminator: 'D_A',
  sourceDiscriminator: 'D_B',
} as const satisfies Record<keyof CycleGanNetworks, string>;
const ROLES = Object.entries(PARTS) as [keyof CycleGanNetworks, string][];

function train(golden: GoldenCase): GoldenResults {
  const networks: CycleGanNetworks = {
    toTarget: generatorOf(golden),
    toSource: generatorOf(golden),
    targetDiscriminator: discriminatorOf(golden),
    sourceDiscriminator: discriminatorOf(golden),
  };
  for (const [role, part] of ROLES) assignRule(golden, networks[role].parameters, { prefix: `${part}.`, part });
  const named = ROLES.flatMap(([role, part]) =>
    networks[role].parameters.map(({ name, variable }) => ({ name: `${part}.${name}`, variable })),
  );
  const first = new Map(named.map(({ name, variable }) => [name, tf.clone(variable)]));
  const [beta1, beta2] = golden.pair('betas');
  const adam = { ...CYCLEGAN_ADAM, beta1, beta2, epsilon: golden.number('adam_eps') };
  const optimisers = optimisersOf(networks, adam);
  const state = { networks, optimisers, buffers: {}, ganLoss: 'lsgan' } as const;
  const results: Record<string, tf.Tensor> = {};
  const losses = Array.from({ length: golden.number('iters') }, (_, step) => {
    const real: Pictures = { source: golden.tensor(`real_A_${step}`), target: golden.tensor(`real_B_${step}`) };
    const planned = plannedOf(golden, step, adam);
    if (step === 0) Object.assign(results, firstGradients(golden, networks, real, planned));
    return updateCycleGan(state, real, planned);
  });
  const cycle = golden.number('lambda_A');
  const identity = cycle * golden.number('lambda_idt');
  const series = (name: keyof (typeof losses)[number], weight = 1): tf.Tensor =>
    tf.mul(tf.stack(losses.map((step) => step[name])), weight);
  Object.assign(results, {
    loss_G_A: series('loss_gan_target'),
    loss_G_B: series('loss_gan_source'),
    loss_cycle_A: series('loss_cycle_source', cycle),
    loss_cycle_B: series('loss_cycle_target', cycle),
    loss_idt_A: series('loss_identity_target', identity),
    loss_idt_B: series('loss_identity_source', identity),
    loss_D_A: series('loss_d_target'),
    loss_D_B: series('loss_d_source'),
    final_fake_B_of_real_A_0: networks.toTarget.forward(golden.tensor('real_A_0'), 'evaluate'),
  });
  for (const { name, variable } of named) {
    results[`after__${name}`] = tf.clone(variable);
    results[`delta__${name}`] = tf.sub(variable, first.get(name) ?? tf.scalar(Number.NaN));
  }
  for (const part of [...Object.values(networks), ...Object.values(optimisers)]) part.dispose();
  return Object.fromEntries(Object.entries(results).filter(([name]) => golden.has(name)));
}

type Planned = Parameters<typeof updateCycleGan>[2];

/** No noise, no pool, the whole picture: the authors' step. */
function plannedOf(golden: GoldenCase, step: number, adam: typeof CYCLEGAN_ADAM): Planned {
  const { lr, correction1, correction2 } = adamPlan(golden.number('lr'), step, adam);
  const lambdaIdentity = golden.number('lambda_idt') * golden.number('lambda_A');
  return {
    lr: tf.scalar(lr),
    correction1: tf.scalar(correction1),
    correction2: tf.scalar(correction2),
    lr_discriminator: tf.scalar(lr),
    lambdaCycle: tf.scalar(golden.number('lambda_A')),
    ...(lambdaIdentity > 0 ? { lambdaIdentity: tf.scalar(lambdaIdentity) } : {}),
    generatorKeys: tf.zeros([6]),
  };
}

function firstGradients(
  golden: GoldenCase,
  networks: CycleGanNetworks,
  real: Pictures,
  planned: Planned,
): Record<string, tf.Tensor> {
  const { gradients } = generatorGradients(networks, 'lsgan', real, planned);
  const parameters = [
    ...networks.toTarget.parameters.map(({ name }) => `grad_iter0__${PARTS.toTarget}.${name}`),
    ...networks.toSource.parameters.map(({ name }) => `grad_iter0__${PARTS.toSource}.${name}`),
  ];
  return Object.fromEntries(
    parameters.flatMap((name, i) => {
      const gradient = gradients[i];
      return gradient !== undefined && golden.has(name) ? [[name, gradient]] : [];
    }),
  );
}

/** Takes the parameters from the weight rule, whose names carry `prefix` where a case has several networks. */
function assignRule(
  golden: GoldenCase,
  parameters: readonly Parameter[],
  { prefix, part }: { readonly prefix: string; readonly part?: string },
): void {
  const stored = ruleParameters(golden, part);
  const arrays = arraysOfParameters(parameters, prefix);
  const { missing } = matchNames(arrays, stored);
  invariant(missing.length === 0, () => `${golden.name} has no rule for ${missing[0]}.`);
  assignStored(arrays, stored);
}
