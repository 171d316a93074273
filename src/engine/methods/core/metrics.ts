// What a method reports of a step, as it declares it: scalars that the step returns, and numbers that its plan holds already.
// Stored and charted as `train/<name>`.
import type { MetricKey, MetricSpec } from '../../../domain/metrics.ts';

export interface StepMetric<Name extends string = string> extends Omit<MetricSpec, 'key'> {
  readonly name: Name;
}

/** In the order of charts and tables: what the step returns, then what was planned. */
export interface StepMetrics<Planned extends string = string> {
  readonly step: readonly StepMetric[];
  readonly plan: readonly StepMetric<Planned>[];
}

export const trainKey = (name: string): MetricKey => `train/${name}`;

/** Something that is minimised. */
export function loss<const Name extends string>(name: Name, label: string) {
  return { name, label, group: 'loss', unit: '', better: 'down' } as const satisfies StepMetric<Name>;
}
/** How fast something learns. */
export function rate<const Name extends string>(name: Name, label: string) {
  return { name, label, group: 'rate', unit: '' } as const satisfies StepMetric<Name>;
}
/** A share from 0 to 1 that tells how a method fares, and that nothing minimises. */
export function share<const Name extends string>(name: Name, label: string) {
  return { name, label, group: 'quality', unit: '' } as const satisfies StepMetric<Name>;
}

/** Every segmenting method has them. */
export const SEGMENTATION_LOSS = loss('loss_seg', 'Segmentation loss');
export const LEARNING_RATE = rate('lr', 'Learning rate');

export const DISCRIMINATOR_RATE = rate('lr_discriminator', 'Discriminator rate');
/** Of the pixels that could be learnt from without a label. */
export const KEPT_SHARE = share('kept_share', 'Share of pixels kept');

export function specsOf({ step, plan }: StepMetrics): readonly MetricSpec[] {
  return [...step, ...plan].map(({ name, ...spec }) => ({ key: trainKey(name), ...spec }));
}
