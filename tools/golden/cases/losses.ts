// Golden cases of losses and of the maps they are made of.
import { bceWithLogits, lsgan } from '../../../src/engine/losses/adversarial/adversarial.ts';
import {
  consistencyMse,
  klVariance,
  sharpen,
  softLabelKl,
} from '../../../src/engine/losses/distillation/distillation.ts';
import { minEntropy } from '../../../src/engine/losses/entropy/entropy.ts';
import { l1 } from '../../../src/engine/losses/l1/l1.ts';
import { softmax } from '../../../src/engine/ops/activations/activations.ts';
import { argmaxConfidence, confidenceMask } from '../../../src/engine/ops/argmaxConfidence/argmaxConfidence.ts';
import { entropyMap } from '../../../src/engine/ops/entropyMap/entropyMap.ts';
import type { CrossEntropyDivisor } from '../../../src/engine/ops/softmaxCrossEntropy/crossEntropyOptions.ts';
import {
  pixelCrossEntropy,
  softmaxCrossEntropy,
} from '../../../src/engine/ops/softmaxCrossEntropy/softmaxCrossEntropy.ts';
import * as tf from '../../../src/engine/tf.ts';
import { differentiate } from './differentiate.ts';
import type { GoldenCase, GoldenExecutor, GoldenResults } from './goldenCase.ts';

const LOSS = { output: 'loss' };

export const LOSSES: Readonly<Record<string, GoldenExecutor>> = {
  cross_entropy: (golden) => {
    const labels = golden.tensor<tf.Tensor3D>('labels');
    return {
      ...differentiate(golden, ['logits'], (z) => softmaxCrossEntropy(z as tf.Tensor4D, labels), LOSS),
      per_pixel_loss: pixelCrossEntropy(golden.tensor('logits'), labels),
      valid_count: tf.sum(tf.cast(tf.notEqual(labels, tf.scalar(255, 'int32')), 'int32')),
    };
  },
  cross_entropy_weighted: (golden) => {
    const labels = golden.tensor<tf.Tensor3D>('labels');
    const classWeights = golden.tensor<tf.Tensor1D>('class_weights');
    const options = { classWeights, divideBy: 'weights' } as const;
    return differentiate(golden, ['logits'], (z) => softmaxCrossEntropy(z as tf.Tensor4D, labels, options), LOSS);
  },
  cross_entropy_temperature: (golden) => {
    const labels = golden.tensor<tf.Tensor3D>('labels');
    const temperature = golden.number('temperature');
    return {
      ...differentiate(golden, ['logits'], (z) => softmaxCrossEntropy(z as tf.Tensor4D, labels, { temperature }), LOSS),
      probs: softmax(tf.div(golden.tensor('logits'), temperature)),
    };
  },
  cross_entropy_confidence_masked: confidenceMasked,
  bce_with_logits_const: (golden) =>
    differentiate(golden, ['disc_out'], (x) => bceWithLogits(x, golden.number('label') === 1 ? 1 : 0), LOSS),
  lsgan_mse: (golden) => differentiate(golden, ['pred'], (x) => lsgan(x, golden.number('label') === 1 ? 1 : 0), LOSS),
  l1_cycle: (golden) =>
    differentiate(
      golden,
      ['reconstructed', 'real'],
      (a, b) => tf.mul(l1(a as tf.Tensor, b as tf.Tensor), golden.number('lambda')),
      LOSS,
    ),
  advent_entropy: (golden) => ({
    ...differentiate(golden, ['logits'], (z) => entropyMap(z as tf.Tensor4D), {
      output: 'entropy_map',
      suffix: '__entropy_map',
    }),
    ...differentiate(golden, ['logits'], (z) => minEntropy(z as tf.Tensor4D), {
      output: 'minent_loss',
      suffix: '__minent_loss',
    }),
  }),
  kl_variance_loss: (golden) => {
    const labels = golden.tensor<tf.Tensor3D>('labels');
    const run = (main: tf.Tensor4D, aux: tf.Tensor4D) =>
      klVariance({ main, aux, labels }, { classReduction: golden.text('class_reduction') === 'sum' ? 'sum' : 'mean' });
    return {
      ...differentiate(
        golden,
        ['main_logits', 'aux_logits'],
        (a, b) => run(a as tf.Tensor4D, b as tf.Tensor4D).loss,
        LOSS,
      ),
      variance: run(golden.tensor('main_logits'), golden.tensor('aux_logits')).variance,
    };
  },
  soft_label_kl: (golden) =>
    withTeacher(golden, (student, teacher) =>
      softLabelKl(student, teacher, { temperature: golden.number('teacher_temperature') }),
    ),
  consistency_mse: (golden) => withTeacher(golden, consistencyMse),
  sharpen: (golden) =>
    differentiate(golden, ['probs'], (p) => sharpen(p as tf.Tensor4D, golden.number('temperature')), {
      output: 'sharpened',
    }),
};

function withTeacher(
  golden: GoldenCase,
  loss: (student: tf.Tensor4D, teacher: tf.Tensor4D) => tf.Scalar,
): GoldenResults {
  const teacher = golden.tensor<tf.Tensor4D>('teacher_logits');
  return differentiate(golden, ['student_logits'], (student) => loss(student as tf.Tensor4D, teacher), LOSS);
}

function confidenceMasked(golden: GoldenCase): GoldenResults {
  const labels = golden.tensor<tf.Tensor3D>('labels');
  const threshold = golden.number('threshold');
  const judge = (logits: tf.Tensor4D): tf.Tensor4D =>
    golden.text('confidence_from') === 'teacher' ? golden.tensor('teacher_logits') : logits;
  const averaged = (divideBy: CrossEntropyDivisor, name: string): GoldenResults =>
    differentiate(
      golden,
      ['logits'],
      (z) => {
        const logits = z as tf.Tensor4D;
        return softmaxCrossEntropy(logits, labels, { keep: confidenceMask(judge(logits), threshold), divideBy });
      },
      { output: name, suffix: `__${name}` },
    );
  const judged = judge(golden.tensor('logits'));
  const isLabelled = tf.cast(tf.notEqual(labels, tf.scalar(255, 'int32')), 'float32');
  const kept = tf.mul(confidenceMask(judged, threshold), isLabelled);
  return {
    ...averaged('kept', 'loss_kept_mean'),
    ...averaged('valid', 'loss_valid_mean'),
    confidence: argmaxConfidence(judged).confidence,
    keep_mask: kept,
    kept_count: tf.sum(kept),
  };
}
