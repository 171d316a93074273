// One update of a student (Hinton et al. 2015 distil soft, UDAS hard labels): a frozen teacher labels fresh views of target
// images by its maximum confidence map, true labels anchor the batch, CutMix stirs it, an average of the weights is the result.
import { IGNORE } from '../../../../domain/classes.ts';
import { joinBatches } from '../../../ops/batches/joinBatches.ts';
import { colourJitter } from '../../../ops/colourJitter/colourJitter.ts';
import { fuseViews } from '../../../ops/fuseViews/fuseViews.ts';
import type { FusedViews } from '../../../ops/fuseViews/fusion.ts';
import type { LabelledImages } from '../../../ops/mix/labelledImages.ts';
import { mixBoxes } from '../../../ops/mix/mixRegions.ts';
import { emaUpdate } from '../../../ops/optimise/emaUpdate.ts';
import { softmaxCrossEntropy } from '../../../ops/softmaxCrossEntropy/softmaxCrossEntropy.ts';
import { warpImages } from '../../../ops/warpImages/warpImages.ts';
import { gradientsOf } from '../../../optim/gradients.ts';
import * as tf from '../../../tf.ts';
import { KEPT_SHARE, LEARNING_RATE, SEGMENTATION_LOSS, type StepMetrics } from '../../core/metrics.ts';
import type { PlanTensors } from '../../core/plan.ts';
import type { AnchoredPlan, AnchoredState, StudentPlan, StudentState } from './settings.ts';

export const STUDENT_METRICS = {
  step: [SEGMENTATION_LOSS, KEPT_SHARE],
  plan: [LEARNING_RATE],
} as const satisfies StepMetrics;
export type StudentLosses = Readonly<Record<(typeof STUDENT_METRICS.step)[number]['name'], tf.Scalar>>;

export interface Teaching {
  /** What the teacher sees, view by view: [views * batch, height, width, 3]. */
  readonly views: tf.Tensor4D;
  /** Its class scores of them, in the views' own frames: [views * batch, height, width, classes]. */
  readonly logits: tf.Tensor4D;
  readonly fused: FusedViews;
}

/** What the teacher says about target images [batch, height, width, 3]. */
export function teach(
  { networks, fusion }: Pick<AnchoredState, 'networks' | 'fusion'>,
  target: tf.Tensor4D,
  planned: PlanTensors<AnchoredPlan>,
): Teaching {
  const { toView, toImage, viewColour, thresholds } = planned;
  const views = colourJitter(warpImages(target, toImage), viewColour);
  const logits = networks.teacher.forward(views, 'evaluate');
  const maps = { views: toView.shape[0] / target.shape[0], toView, thresholds };
  return { views, logits, fused: fuseViews(logits, maps, fusion) };
}

/** The recipe's student: `target` labelled by the teacher, beside `anchor` with its true labels. */
export function stepAnchored(
  state: AnchoredState,
  target: tf.Tensor4D,
  anchor: LabelledImages,
  planned: PlanTensors<AnchoredPlan>,
): StudentLosses {
  // Nothing of the teacher outlives its labels.
  const labels = tf.tidy(() => teach(state, target, planned).fused.labels);
  const kept_share = keptShare(labels);
  const batch = besideAnchor(target, labels, anchor);
  return { loss_seg: learn(state, batch, planned), kept_share };
}

/** The target with the teacher's labels, and after it the anchor. */
export function besideAnchor(target: tf.Tensor4D, labels: tf.Tensor3D, anchor: LabelledImages): LabelledImages {
  return { images: joinBatches([target, anchor.images]), labels: joinBatches([labels, anchor.labels]) };
}

/** The paper's student: stored pseudo-labels and nothing else. */
export function stepStrict(
  state: StudentState,
  batch: LabelledImages,
  planned: PlanTensors<StudentPlan>,
): StudentLosses {
  return { kept_share: keptShare(batch.labels), loss_seg: learn(state, batch, planned) };
}

/** Class-weighted cross-entropy on the mixed and jittered batch, one AdamW update, and the average follows. */
function learn(
  { networks, optimisers, classWeights }: StudentState,
  batch: LabelledImages,
  planned: PlanTensors<StudentPlan>,
): tf.Scalar {
  const { student, average } = networks;
  const { images, labels } = studentSees(batch, planned);
  const { terms, gradients } = gradientsOf(optimisers.student.parameters, () => {
    const logits = student.forward(images, 'train');
    const total = softmaxCrossEntropy(logits, labels, { classWeights, divideBy: 'weights' });
    return { total, terms: { loss_seg: total } };
  });
  optimisers.student.apply(gradients, planned);
  const variables = ({ parameters }: typeof student): tf.Variable[] => parameters.map(({ variable }) => variable);
  emaUpdate({ averages: variables(average), values: variables(student) }, planned.emaDecay);
  return terms.loss_seg;
}

/** The batch after CutMix inside it and colour jitter, as planned. */
export function studentSees(
  batch: LabelledImages,
  { partners, boxes, jitter }: PlanTensors<StudentPlan>,
): LabelledImages {
  const { images, labels } = partners === undefined || boxes === undefined ? batch : mixInside(batch, partners, boxes);
  return { images: jitter === undefined ? images : colourJitter(images, jitter), labels };
}

function mixInside(batch: LabelledImages, partners: tf.Tensor1D, boxes: tf.Tensor2D): LabelledImages {
  const order: tf.Tensor1D = tf.cast(partners, 'int32');
  const inside = { images: tf.gather(batch.images, order), labels: tf.gather(batch.labels, order) };
  return mixBoxes(inside, batch, boxes);
}

function keptShare(labels: tf.Tensor3D): tf.Scalar {
  return tf.mean(tf.cast(tf.notEqual(labels, IGNORE), 'float32'));
}
