// What a student shows of a step: the views that the teacher sees and how sure it is of each, the maximum of their
// confidences, what the threshold leaves, and the stirred batch that the student learns from.
import type { ViewSpec } from '../../../../domain/method.ts';
import { argmaxConfidence } from '../../../ops/argmaxConfidence/argmaxConfidence.ts';
import type { LabelledImages } from '../../../ops/mix/labelledImages.ts';
import type * as tf from '../../../tf.ts';
import type { Views } from '../../core/defineMethod.ts';
import type { PlanTensors } from '../../core/plan.ts';
import type { AnchoredPlan, AnchoredState, StudentPlan } from './settings.ts';
import { besideAnchor, studentSees, teach } from './step.ts';

const BATCH_VIEWS = [
  { name: 'student', label: 'Student sees', kind: 'image' },
  { name: 'student_label', label: 'Student learns', kind: 'label' },
] as const satisfies readonly ViewSpec[];

export const STRICT_VIEWS: readonly ViewSpec[] = BATCH_VIEWS;

/** `views` and `view_confidence` hold all views of the batch's images, view by view, each in its own frame. */
export const ANCHORED_VIEWS = [
  { name: 'target', label: 'Target', kind: 'image' },
  { name: 'views', label: "Teacher's views", kind: 'image' },
  { name: 'view_confidence', label: 'Confidence of each view', kind: 'map' },
  { name: 'confidence', label: 'Maximum confidence', kind: 'map' },
  { name: 'decided', label: 'Decision', kind: 'label', role: 'decision' },
  { name: 'pseudo_label', label: 'Pseudo-label', kind: 'label', role: 'kept' },
  ...BATCH_VIEWS,
] as const satisfies readonly ViewSpec[];

export function strictViews(batch: LabelledImages, planned: PlanTensors<StudentPlan>): Views {
  const { images, labels } = studentSees(batch, planned);
  return { student: images, student_label: labels };
}

export function anchoredViews(
  state: AnchoredState,
  target: tf.Tensor4D,
  anchor: LabelledImages,
  planned: PlanTensors<AnchoredPlan>,
): Views {
  const { views, logits, fused } = teach(state, target, planned);
  return {
    target,
    views,
    view_confidence: argmaxConfidence(logits).confidence,
    confidence: fused.confidence,
    decided: fused.classes,
    pseudo_label: fused.labels,
    ...strictViews(besideAnchor(target, fused.labels, anchor), planned),
  };
}
