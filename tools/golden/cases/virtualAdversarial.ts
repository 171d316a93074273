// The golden case of virtual adversarial training: two convolutions, one power iteration, every step of it.
import {
  curvatureAlong,
  unitPerImage,
  virtualAdversarialLoss,
} from '../../../src/engine/losses/virtualAdversarial/virtualAdversarial.ts';
import { tanh } from '../../../src/engine/ops/activations/activations.ts';
import { conv2d } from '../../../src/engine/ops/conv2d/conv2d.ts';
import * as tf from '../../../src/engine/tf.ts';
import { differentiate } from './differentiate.ts';
import type { GoldenCase, GoldenResults } from './goldenCase.ts';

const WEIGHTS = ['w1', 'b1', 'w2', 'b2'] as const;

const networkOf =
  ([w1, b1, w2, b2]: readonly tf.Tensor[]) =>
  (images: tf.Tensor4D): tf.Tensor4D => {
    const hidden = tanh(conv2d(images, w1 as tf.Tensor4D, { bias: b1 as tf.Tensor1D, padding: 1 }));
    return conv2d(hidden, w2 as tf.Tensor4D, { bias: b2 as tf.Tensor1D, padding: 1 });
  };

export function runVirtualAdversarial(golden: GoldenCase): GoldenResults {
  const images = golden.tensor<tf.Tensor4D>('x');
  const [xi, epsilon] = [golden.number('xi'), golden.number('epsilon')];
  const forward = networkOf(WEIGHTS.map((name) => golden.tensor(name)));
  const target = forward(images);
  const unit0 = unitPerImage(golden.tensor('d0'));
  const { divergence, gradient } = curvatureAlong(forward, { images, target, direction: unit0 }, xi);
  const unit1 = unitPerImage(gradient);
  const loss = (...weights: tf.Tensor[]): tf.Scalar =>
    virtualAdversarialLoss(networkOf(weights), images, golden.tensor('d0'), {
      xi,
      epsilon,
      iterations: golden.number('power_iterations'),
    });
  return {
    ...differentiate(golden, WEIGHTS, loss, { output: 'lds_loss' }),
    logits: target,
    unit_d0: unit0,
    kl_at_xi: divergence,
    grad_d: gradient,
    unit_d1: unit1,
    r_adv: tf.mul(unit1, epsilon),
  };
}
