// Pictures of a step of CycleGAN: whole images through either generator and back, and what the discriminators think of them.
import type { ViewSpec } from '../../../domain/method.ts';
import type { GanLoss } from '../../losses/adversarial/domainScores.ts';
import type { Network } from '../../networks/core/network.ts';
import { type Generator, generate } from '../../networks/translation/generator.ts';
import * as tf from '../../tf.ts';
import type { Views } from '../core/defineMethod.ts';
import type { CycleGanLearners } from './settings.ts';
import type { Pictures } from './step.ts';

export const CYCLEGAN_VIEWS = [
  { name: 'source', label: 'Source', kind: 'image' },
  { name: 'source_translated', label: 'Source as target', kind: 'image' },
  { name: 'source_back', label: 'And back', kind: 'image' },
  { name: 'source_passes', label: 'Passes for target', kind: 'map' },
  { name: 'target', label: 'Target', kind: 'image' },
  { name: 'target_translated', label: 'Target as source', kind: 'image' },
  { name: 'target_back', label: 'And back', kind: 'image' },
  { name: 'target_passes', label: 'Passes for source', kind: 'map' },
] as const satisfies readonly ViewSpec[];

/** `passes`: how real each patch of the translation looks to the other domain's discriminator, from 0 to 1. */
export function cycleganViews(
  { networks, ganLoss }: CycleGanLearners,
  { source, target }: Pictures,
  keys: tf.Tensor1D,
): Views {
  const { toTarget, toSource, targetDiscriminator, sourceDiscriminator } = networks;
  const [there, back] = tf.split(tf.slice(keys, 0, 2 * source.shape[0]), 2) as [tf.Tensor1D, tf.Tensor1D];
  const way = (
    name: string,
    image: tf.Tensor4D,
    [out, home]: readonly [Generator, Generator],
    discriminator: Network,
  ) => {
    const translated = generate(out, image, there);
    return {
      [name]: image,
      [`${name}_translated`]: translated,
      [`${name}_back`]: generate(home, translated, back),
      [`${name}_passes`]: shareOf(discriminator.forward(translated, 'evaluate'), ganLoss),
    };
  };
  return {
    ...way('source', source, [toTarget, toSource], targetDiscriminator),
    ...way('target', target, [toSource, toTarget], sourceDiscriminator),
  };
}

function shareOf(scores: tf.Tensor4D, kind: GanLoss): tf.Tensor {
  const shares: tf.Tensor = kind === 'bce' ? tf.sigmoid(scores) : tf.clipByValue(scores, 0, 1);
  return tf.squeeze(shares, [3]);
}
