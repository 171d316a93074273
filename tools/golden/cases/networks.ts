// Golden cases of whole segmentation networks: parameters by the weight rule, scores and gradients at 1/8 of the image.
import { invariant } from '../../../src/domain/errors.ts';
import type { Levels } from '../../../src/engine/networks/core/levels.ts';
import { deepLabV2 } from '../../../src/engine/networks/deepLabV2.ts';
import { torchvisionNetwork } from '../../../src/engine/networks/torchvision.ts';
import { type Parameter, ParameterScope } from '../../../src/engine/nn/parameters.ts';
import { resizeBilinear } from '../../../src/engine/ops/resizeBilinear/resizeBilinear.ts';
import * as tf from '../../../src/engine/tf.ts';
import { arraysOfParameters, assignStored, matchNames } from '../../../src/engine/training/namedArrays.ts';
import type { GoldenCase, GoldenExecutor, GoldenResults } from './goldenCase.ts';
import { ruleParameters } from './weightRule.ts';

export const NETWORK_CASES: Readonly<Record<string, GoldenExecutor>> = {
  network_deeplabv2: (golden) => {
    const multiLevel = golden.attributes.multi_level === true;
    const [main, aux] = multiLevel ? ['logits_layer6', 'logits_layer5'] : ['logits', ''];
    return run(golden, (scope) => deepLabV2FromCase(scope, golden), { main, aux });
  },
  network_torchvision_seg: (golden) =>
    run(
      golden,
      (scope) =>
        torchvisionNetwork(scope, {
          head: golden.text('arch').includes('fcn') ? 'fcn' : 'deeplabv3',
          width: golden.number('base_width'),
          classes: golden.number('num_classes'),
          batchNorm: 'frozen',
          checkpoint: false,
          multiLevel: true,
        }),
      { main: 'low_logits', aux: 'low_aux_logits' },
    ),
};

/** The network that a case's attributes describe, or a part of them. */
export function deepLabV2FromCase(scope: ParameterScope, golden: GoldenCase, net = golden.attributes): Levels {
  const aspp = golden.record('aspp', net);
  const rates = golden.numbers('dilations', aspp);
  const [first, second, third, fourth] = golden.numbers('layers', net);
  const strideIn = net.stride_in;
  invariant(
    first && second && third && fourth && (strideIn === 'conv1' || strideIn === 'conv2'),
    () => `${golden.name} describes no DeepLab v2.`,
  );
  return deepLabV2(scope, {
    blocks: [first, second, third, fourth],
    width: golden.number('base_width', net),
    classes: golden.number('num_classes', net),
    strideIn,
    batchNorm: 'frozen',
    checkpoint: false,
    rates,
    summed: golden.number('sum_of_first', aspp),
    multiLevel: net.multi_level === true,
  });
}

/** Builds, gives the parameters their values, and differentiates sum(main * dy) with respect to image and parameters. */
function run(
  golden: GoldenCase,
  build: (scope: ParameterScope) => Levels,
  names: { readonly main: string; readonly aux: string },
): GoldenResults {
  const scope = new ParameterScope({ seed: 0, start: 'zeros' });
  const levels = build(scope);
  assignRule(golden, scope.parameters);
  const x = tf.variable(golden.tensor('x'));
  const wanted = scope.parameters.filter(({ name }) => golden.has(`d_${name}`) || golden.has(`d_${name}__samples`));
  const values: Record<string, tf.Tensor> = {};
  const keep = (name: string, value: tf.Tensor): void => {
    values[name] = tf.keep(tf.clone(value));
  };
  const { grads } = tf.variableGrads(() => {
    const { main, aux } = levels.both?.(x as tf.Tensor4D, 'train') ?? { main: levels.main(x as tf.Tensor4D, 'train') };
    keep(names.main, main);
    if (aux !== undefined) keep(names.aux, aux);
    for (const [name, low] of [
      ['out', main],
      ['aux', aux],
    ] as const) {
      if (low === undefined || !golden.has(`${name}_samples`)) continue;
      keep(name, resizeBilinear(low, [x.shape[1] ?? 0, x.shape[2] ?? 0], { alignCorners: false }));
    }
    return tf.sum(tf.mul(main, golden.tensor('dy')));
  }, [x, ...wanted.map(({ variable }) => variable)]);
  keep('d_x', grads[x.name] as tf.Tensor);
  for (const { name, variable } of wanted) keep(`d_${name}`, grads[variable.name] as tf.Tensor);
  tf.dispose([x, ...scope.parameters.map(({ variable }) => variable)]);
  const results = Object.fromEntries(
    [...golden.tensors.values()]
      .filter(({ role }) => role === 'output' || role === 'grad')
      .map(({ name }) => [name, summarised(golden, name, values)]),
  );
  const returned = new Set(Object.values(results));
  tf.dispose(Object.values(values).filter((value) => !returned.has(value)));
  return results;
}

/** A whole tensor of the case, or what the case keeps of a large one: samples, mean and deviation, mean magnitude. */
export function summarised(golden: GoldenCase, name: string, values: Readonly<Record<string, tf.Tensor>>): tf.Tensor {
  const [, base = name, kind = ''] = /^(.*?)_?_(samples|mean_std|mean_abs)$/.exec(name) ?? [];
  const value = values[base];
  invariant(value !== undefined, () => `${golden.name}: nothing gives ${name}.`);
  const flat = tf.reshape(value, [-1]);
  switch (kind) {
    case 'samples':
      return tf.gather(flat, golden.tensor<tf.Tensor1D>(name.replace(/samples$/, 'sample_index')));
    case 'mean_std': {
      const mean = tf.mean(flat);
      return tf.stack([mean, tf.sqrt(tf.mean(tf.square(tf.sub(flat, mean))))]);
    }
    case 'mean_abs':
      return tf.mean(tf.abs(flat));
    default:
      return value;
  }
}

/** Gives parameters the values of the weight rule; `part` names the network where a case has several. */
export function assignRule(golden: GoldenCase, parameters: readonly Parameter[], part?: string): void {
  const stored = ruleParameters(golden, part);
  const arrays = arraysOfParameters(parameters, part === undefined ? '' : `${part}.`);
  const { missing } = matchNames(arrays, stored);
  invariant(missing.length === 0, () => `${golden.name} has no rule for ${missing[0]}.`);
  assignStored(arrays, stored);
}
