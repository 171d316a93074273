// Golden cases of the optimisers and of the moving average of weights.
import { adamCorrections, adamUpdate } from '../../../src/engine/ops/optimise/adamUpdate.ts';
import { emaRamp, emaUpdate } from '../../../src/engine/ops/optimise/emaUpdate.ts';
import { flatSize, splitLike } from '../../../src/engine/ops/optimise/flat.ts';
import { sgdUpdate } from '../../../src/engine/ops/optimise/sgdUpdate.ts';
import * as tf from '../../../src/engine/tf.ts';
import type { GoldenCase, GoldenExecutor, GoldenResults } from './goldenCase.ts';

export const OPTIMISERS: Readonly<Record<string, GoldenExecutor>> = {
  sgd: (golden) => {
    const run = begin(golden);
    const velocity = run.slot();
    const settings = { momentum: golden.number('momentum'), weightDecay: golden.number('weight_decay') };
    const rates = run.train((gradients, learningRate) =>
      sgdUpdate({ parameters: run.parameters, gradients, velocity }, { ...settings, learningRate }),
    );
    return run.finish({ lr_used: rates }, { momentum_buffer: velocity });
  },
  adam: (golden) => {
    const run = begin(golden);
    const [firstMoment, secondMoment] = [run.slot(), run.slot()];
    const [beta1, beta2] = golden.pair('betas');
    const epsilon = golden.number('eps');
    const rates = run.train((gradients, learningRate, step) =>
      adamUpdate(
        { parameters: run.parameters, gradients, firstMoment, secondMoment },
        { learningRate, beta1, beta2, epsilon, ...adamCorrections(step + 1, beta1, beta2) },
      ),
    );
    return run.finish({ lr_used: rates }, { exp_avg: firstMoment, exp_avg_sq: secondMoment });
  },
  ema: (golden) => {
    const cap = golden.number('alpha');
    const teacher = tf.variable(golden.tensor('teacher'), false);
    const results: Record<string, tf.Tensor> = {};
    for (let step = 0; step < golden.number('steps'); step++) {
      const decay = golden.attributes.ramp_up === true ? emaRamp(step, cap) : cap;
      emaUpdate({ averages: [teacher], values: [golden.tensor(`student_step${step}`)] }, decay);
      results[`teacher_after${step + 1}`] = tf.clone(teacher);
    }
    teacher.dispose();
    return results;
  },
};

type Update = (gradients: tf.Tensor[], learningRate: number, step: number) => void;

/** The parameters of a case as variables, its schedule, and the bookkeeping of what is compared. */
function begin(golden: GoldenCase) {
  const count = golden.has('param1') ? 2 : 1;
  const names = Array.from({ length: count }, (_, p) => p);
  const parameters = names.map((p) => tf.variable(golden.tensor(`param${p}`)));
  const initial = names.map((p) => golden.tensor(`param${p}`));
  const results: Record<string, tf.Tensor | number[]> = {};
  const slots: tf.Variable[] = [];

  const rate = (step: number): number => {
    const base = golden.number('lr');
    if (golden.attributes.max_iter === undefined) return base;
    return base * (1 - step / golden.number('max_iter')) ** golden.number('power');
  };
  return {
    parameters,
    slot(): tf.Variable {
      const slot = tf.variable(tf.zeros([flatSize(parameters)]), false);
      slots.push(slot);
      return slot;
    },
    train(update: Update): number[] {
      return Array.from({ length: golden.number('steps') }, (_, step) => {
        update(
          names.map((p) => golden.tensor(`grad${p}_step${step}`)),
          rate(step),
          step,
        );
        for (const p of names) results[`param${p}_after${step + 1}`] = tf.clone(parameters[p] as tf.Tensor);
        return rate(step);
      });
    },
    finish(extra: GoldenResults, finals: Readonly<Record<string, tf.Variable>>): GoldenResults {
      for (const p of names) {
        results[`delta${p}_total`] = tf.sub(parameters[p] as tf.Tensor, initial[p] as tf.Tensor);
        for (const [name, slot] of Object.entries(finals)) {
          results[`${name}${p}_final`] = splitLike(tf.clone(slot) as tf.Tensor1D, parameters)[p] as tf.Tensor;
        }
      }
      tf.dispose([...parameters, ...slots]);
      return { ...results, ...extra };
    },
  };
}
