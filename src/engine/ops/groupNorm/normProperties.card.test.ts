// Normalisations of any shape in every mode, with activation and residual, against their formula in float64 and its finite
// differences.
import fc from 'fast-check';
import { it } from 'vitest';
import { map, type NdArray } from '../../../testing/ndArray.ts';
import { expectClose, randomArray, toTensor } from '../../../testing/opContract.ts';
import { readAll } from '../../backend/readback.ts';
import * as tf from '../../tf.ts';
import { batchNorm } from '../batchNorm/batchNorm.ts';
import { type FusedActivation, slopeOf } from '../core/fusedActivation.ts';
import { instanceNorm } from '../instanceNorm/instanceNorm.ts';
import { affineReference, standardiseReference } from './groupNorm.reference.ts';
import { groupNorm } from './groupNorm.ts';

const EPSILON = 1e-5;
const MEAN = 0.3;
const VARIANCE = 1.7;
const MOMENTUM = 0.1;
const RUNS = 8;
const STEP = 1e-7; // of the differences, in float64
// Where the activation bends, neither slope is wrong. So near it, differences and float32 may take different ones.
const AWAY_FROM_BEND = 1e-4;

type Kind = 'group' | 'instance' | 'plain' | 'train' | 'adaptsegnet' | 'frozen' | 'evaluated';
interface Case {
  readonly kind: Kind;
  readonly shape: readonly [number, number, number, number];
  readonly groups: number;
  readonly activation: FusedActivation;
  readonly hasResidual: boolean;
}
type Inputs = Readonly<Record<'x' | 'gamma' | 'beta' | 'residual', NdArray>>;
/** `plain` is instance normalisation without scale and shift. */
const inputsOf = ({ kind, hasResidual }: Case): readonly (keyof Inputs)[] => [
  'x',
  ...(kind === 'plain' ? [] : (['gamma', 'beta'] as const)),
  ...(hasResidual ? (['residual'] as const) : []),
];

const cases: fc.Arbitrary<Case & { seed: number }> = fc.record({
  kind: fc.constantFrom<Kind>('group', 'instance', 'plain', 'train', 'adaptsegnet', 'frozen', 'evaluated'),
  shape: fc.tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 2, max: 5 }),
    fc.constantFrom(1, 3, 6, 19, 70),
  ),
  groups: fc.constantFrom(1, 3, 10),
  activation: fc.constantFrom<FusedActivation>('none', 'relu', { leaky: 0.2 }),
  hasResidual: fc.boolean(),
  seed: fc.integer({ min: 0, max: 1000 }),
});

const groupsOf = ({ shape, groups }: Case): number => (shape[3] % groups === 0 ? groups : 1);
const usesRunning = ({ kind }: Case): boolean => kind === 'frozen' || kind === 'evaluated';
const usesBatch = ({ kind }: Case): boolean => kind === 'train' || kind === 'adaptsegnet';

/** Values that share a mean. */
function shared(chosen: Case): number {
  const [batch, height, width, channels] = chosen.shape;
  if (usesBatch(chosen)) return batch * height * width;
  return chosen.kind === 'group' ? (height * width * channels) / groupsOf(chosen) : height * width;
}

/** What the activation is applied to. */
function beforeActivation(chosen: Case, { x, gamma, beta, residual }: Inputs): NdArray {
  const channels = chosen.shape[3];
  const groupOf = (n: number, c: number): number => {
    if (usesBatch(chosen)) return c;
    const groups = chosen.kind === 'group' ? groupsOf(chosen) : channels;
    return n * groups + Math.floor((c * groups) / channels);
  };
  const standard = usesRunning(chosen)
    ? map(x, (value) => (value - MEAN) / Math.sqrt(VARIANCE + EPSILON))
    : standardiseReference(x, EPSILON, groupOf);
  const affine = chosen.kind === 'plain' ? standard : affineReference(standard, gamma, beta);
  return chosen.hasResidual ? map(affine, (value, i) => value + residual.data[i]!) : affine;
}

function reference(chosen: Case, inputs: Inputs): NdArray {
  const slope = slopeOf(chosen.activation);
  return map(beforeActivation(chosen, inputs), (value) => (value > 0 ? value : slope * value));
}

function normalise(chosen: Case, running: readonly [tf.Variable, tf.Variable], given: readonly tf.Tensor[]): tf.Tensor {
  const { kind, activation, hasResidual } = chosen;
  const x = given[0] as tf.Tensor4D;
  const residual = hasResidual ? { residual: given.at(-1) as tf.Tensor4D } : {};
  const extra = { epsilon: EPSILON, activation, ...residual };
  if (kind === 'plain') return instanceNorm(x, extra);
  const [gamma, beta] = given.slice(1) as [tf.Tensor1D, tf.Tensor1D];
  if (kind === 'group') return groupNorm(x, { groups: groupsOf(chosen), gamma, beta, ...extra });
  if (kind === 'instance') return instanceNorm(x, { gamma, beta, ...extra });
  const [runningMean, runningVariance] = running;
  const mode = kind === 'evaluated' ? 'train' : kind;
  const training = kind !== 'evaluated';
  return batchNorm(x, { gamma, beta, runningMean, runningVariance }, { mode, training, momentum: MOMENTUM, ...extra });
}

async function run(chosen: Case, inputs: Inputs, upstream: NdArray) {
  const channels = chosen.shape[3];
  const [mean, variance] = [MEAN, VARIANCE].map((value) =>
    tf.tidy(() => tf.variable(tf.fill([channels], value), false)),
  ) as [tf.Variable, tf.Variable];
  const results = tf.tidy(() => {
    const given = inputsOf(chosen).map((name) => toTensor(inputs[name]));
    const objective = (...xs: tf.Tensor[]): tf.Tensor => normalise(chosen, [mean, variance], xs);
    const { value, grads } = tf.valueAndGrads(objective)(given, toTensor(upstream));
    return [value, ...grads, tf.clone(mean), tf.clone(variance)];
  });
  const values = await readAll(results);
  tf.dispose([...results, mean, variance]);
  return { y: values[0]!, gradients: values.slice(1, -2), running: values.slice(-2) as [Float32Array, Float32Array] };
}

/** Running statistics after one step: moved in training, by a tenth, the variance unbiased. */
function expectedRunning(chosen: Case, x: NdArray): readonly [number[], number[]] {
  const channels = chosen.shape[3];
  const all = Array.from({ length: channels }, (_, c) => x.data.filter((_, i) => i % channels === c));
  if (!usesBatch(chosen)) return [all.map(() => MEAN), all.map(() => VARIANCE)];
  const means = all.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  return [
    means.map((mean) => (1 - MOMENTUM) * MEAN + MOMENTUM * mean),
    all.map((values, c) => {
      const spread = values.reduce((sum, value) => sum + (value - means[c]!) ** 2, 0);
      return (1 - MOMENTUM) * VARIANCE + (MOMENTUM * spread) / Math.max(1, values.length - 1);
    }),
  ];
}

function differences(chosen: Case, inputs: Inputs, upstream: NdArray, name: keyof Inputs, entries: readonly number[]) {
  const { data } = inputs[name];
  const objective = (): number =>
    reference(chosen, inputs).data.reduce((sum, value, i) => sum + value * upstream.data[i]!, 0);
  return entries.map((k) => {
    const original = data[k]!;
    data[k] = original + STEP;
    const above = objective();
    data[k] = original - STEP;
    const below = objective();
    data[k] = original;
    return (above - below) / (2 * STEP);
  });
}

it('has the values, running statistics and gradients of its formula', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ seed, ...chosen }) => {
      const { shape, activation } = chosen;
      // Of a few values the standardised ones are fixed but for rounding, and so is their gradient.
      fc.pre(shared(chosen) >= 8);
      const draw = (key: string, size: readonly number[], range?: [number, number]): NdArray =>
        randomArray(`${key} ${seed}`, size, range);
      const inputs: Inputs = {
        x: draw('x', shape, [-2, 3]),
        gamma: draw('gamma', [shape[3]], [0.5, 1.5]),
        beta: draw('beta', [shape[3]]),
        residual: draw('residual', shape),
      };
      fc.pre(activation === 'none' || beforeActivation(chosen, inputs).data.every((v) => Math.abs(v) > AWAY_FROM_BEND));
      const upstream = draw('upstream', shape);
      const { y, gradients, running } = await run(chosen, inputs, upstream);
      expectClose(y, reference(chosen, inputs).data, 'norm');
      const expected = expectedRunning(chosen, inputs.x);
      expectClose(running[0], expected[0], 'norm');
      expectClose(running[1], expected[1], 'norm');
      for (const [i, name] of inputsOf(chosen).entries()) {
        const gradient = gradients[i]!;
        const stride = Math.ceil(gradient.length / 6);
        const entries = Array.from({ length: Math.ceil(gradient.length / stride) }, (_, k) => k * stride);
        const largest = gradient.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
        const slopes = differences(chosen, inputs, upstream, name, entries);
        // The largest of the whole gradient sets the scale, not that of the entries that are looked at.
        expectClose([...entries.map((k) => gradient[k]!), largest], [...slopes, largest], 'norm');
      }
    }),
    { numRuns: RUNS },
  );
});
