// What the adversarial methods show of a step: the target's predictions, what the mask keeps of them, and where the
// discriminator sees which domain.
import type { ViewSpec } from '../../../../domain/method.ts';
import { confidentLabels } from '../../../ops/confidentLabels/confidentLabels.ts';
import { probabilityMap } from '../../../ops/probabilityMap/probabilityMap.ts';
import * as tf from '../../../tf.ts';
import type { Views } from '../../core/defineMethod.ts';
import type { PlanTensors } from '../../core/plan.ts';
import { poolOf } from './discriminator.ts';
import type { AdversarialPlan, AdversarialState } from './settings.ts';

export const ADVERSARIAL_VIEWS = [
  { name: 'source', label: 'Source', kind: 'image' },
  { name: 'd_source', label: 'Discriminator on the source', kind: 'map' },
  { name: 'target', label: 'Target', kind: 'image' },
  { name: 'target_prediction', label: 'Prediction', kind: 'label', role: 'decision' },
  { name: 'target_kept', label: 'Confident pixels', kind: 'label', role: 'kept' },
  { name: 'd_target', label: 'Discriminator on the target', kind: 'map' },
] as const satisfies readonly ViewSpec[];

/** The maps of the discriminator: 0 where it says source, 1 where it says target. */
export function adversarialViews(
  { networks, ganLoss, discriminatorKind, maskReading }: AdversarialState,
  images: { readonly source: tf.Tensor4D; readonly target: tf.Tensor4D },
  planned: Pick<PlanTensors<AdversarialPlan>, 'temperature' | 'threshold'>,
): Views {
  const { segmenter, discriminator } = networks;
  const options = { temperature: planned.temperature, threshold: planned.threshold };
  const domainOf = (logits: tf.Tensor4D): tf.Tensor3D => {
    const temperature = maskReading === 'target' ? planned.temperature : tf.scalar(1);
    const maps = probabilityMap(logits, { temperature, pool: poolOf(discriminatorKind, logits.shape) });
    const scores = discriminator.forward(maps, 'evaluate');
    const [batch, rows, columns] = scores.shape;
    return tf.reshape(ganLoss === 'bce' ? tf.sigmoid(scores) : tf.clipByValue(scores, 0, 1), [batch, rows, columns]);
  };
  const logits = segmenter.forward(images.target, 'evaluate');
  return {
    ...images,
    d_source: domainOf(segmenter.forward(images.source, 'evaluate')),
    target_prediction: confidentLabels(logits, { ...options, threshold: tf.scalar(0) }).labels,
    target_kept: confidentLabels(logits, options).labels,
    d_target: domainOf(logits),
  };
}
