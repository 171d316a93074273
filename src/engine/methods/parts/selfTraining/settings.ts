// Parameters, state and plan of the students: networks that learn from a teacher's pseudo-labels on the target. The steps
// are step.ts. Settings are those of the built-in recipe (docs/built-in-pair.md).
import type { Size } from '../../../../domain/dataset.ts';
import type { ParamSpecs, ValuesOf } from '../../../../domain/params.ts';
import type { RandomStream } from '../../../../domain/rng.ts';
import { drawColourJitter } from '../../../augment/colourJitter.ts';
import { drawFreshViews, FRESH_VIEWS } from '../../../augment/freshViews.ts';
import type { Network } from '../../../networks/core/network.ts';
import { FUSIONS, type Fusion } from '../../../ops/fuseViews/fusion.ts';
import { cutMixBox } from '../../../ops/mix/cutMixBox.ts';
import { ADAM_DEFAULTS, type AdamRates, adamPlan, createAdam, type Optimiser } from '../../../optim/optimiser.ts';
import { polyRate } from '../../../optim/schedules.ts';
import type * as tf from '../../../tf.ts';
import type { BuildContext, MethodState, StepContext } from '../../core/defineMethod.ts';
import type { Plan, PlannedRows, PlannedVector } from '../../core/plan.ts';

const WARM_UP_STEPS = 30;

/** What every student has. */
export const STUDENT_PARAMS = {
  learningRate: {
    kind: 'number',
    role: 'learning-rate',
    default: 3e-3,
    min: 1e-5,
    max: 1e-1,
    step: 1e-5,
    scale: 'log',
  },
  cutMix: { kind: 'toggle', default: true },
  jitter: { kind: 'number', default: 0.5, min: 0, max: 2, step: 0.1 },
  emaDecay: { kind: 'number', default: 0.98, min: 0, max: 0.9999, step: 0.0001 },
  weightDecay: { kind: 'number', default: 1e-4, min: 0, max: 0.1, step: 1e-5, fixed: true },
} as const satisfies ParamSpecs;

/** Of a student whose teacher labels every batch as it comes, beside images with true labels that anchor it. */
export const ANCHORED_PARAMS = {
  ...STUDENT_PARAMS,
  batchSize: { kind: 'number', default: 2, min: 1, max: 32, step: 1, integer: true, fixed: true },
  anchorImages: { kind: 'number', default: 2, min: 1, max: 32, step: 1, integer: true, fixed: true },
  views: { kind: 'number', default: 3, min: 1, max: FRESH_VIEWS, step: 1, integer: true },
  viewJitter: { kind: 'number', default: 0.2, min: 0, max: 2, step: 0.1 },
  fusion: { kind: 'choice', default: 'max', options: FUSIONS, fixed: true },
  threshold: { kind: 'number', default: 0.7, min: 0, max: 1, step: 0.01, role: 'threshold' },
} as const satisfies ParamSpecs;

export const STRICT_PARAMS = {
  ...STUDENT_PARAMS,
  batchSize: { kind: 'number', default: 4, min: 1, max: 32, step: 1, integer: true, fixed: true },
} as const satisfies ParamSpecs;

export type StudentValues = ValuesOf<typeof STUDENT_PARAMS>;
export type AnchoredValues = ValuesOf<typeof ANCHORED_PARAMS>;

export interface StudentState extends MethodState {
  /** `average` follows the student's weights and is the result. */
  readonly networks: { readonly student: Network; readonly average: Network };
  readonly optimisers: { readonly student: Optimiser<AdamRates> };
  readonly classWeights: tf.Tensor1D;
  readonly size: Size;
}
export interface AnchoredState extends StudentState {
  readonly networks: StudentState['networks'] & { readonly teacher: Network };
  readonly fusion: Fusion;
}

export interface StudentPlan extends Plan {
  readonly lr: number;
  readonly correction1: number;
  readonly correction2: number;
  readonly emaDecay: number;
  /** Which image of the batch each one gets its box from [batch], and the boxes [batch, 4]; absent where CutMix is off. */
  readonly partners?: PlannedVector;
  readonly boxes?: PlannedRows;
  /** Colour factors [batch, 6]; absent at strength 0. */
  readonly jitter?: PlannedRows;
}
export interface AnchoredPlan extends StudentPlan {
  readonly toView: PlannedRows;
  readonly toImage: PlannedRows;
  readonly viewColour: PlannedRows;
  /** [classes] */
  readonly thresholds: PlannedVector;
}

export function buildStudent(context: BuildContext<StudentValues>): StudentState {
  const student = context.buildNetwork();
  const { weightDecay } = context.params;
  return {
    networks: { student, average: context.buildNetwork() },
    optimisers: { student: createAdam(student.parameters, { ...ADAM_DEFAULTS, weightDecay }) },
    classWeights: context.classWeights,
    size: context.size,
  };
}

export function buildAnchored(context: BuildContext<AnchoredValues>): AnchoredState {
  const { networks, ...state } = buildStudent(context);
  return { ...state, networks: { ...networks, teacher: context.buildNetwork() }, fusion: context.params.fusion };
}

/** `images`: of the whole batch that the student sees. */
export function planStudent({ size }: StudentState, context: StepContext<StudentValues>, images: number): StudentPlan {
  const { step, steps, params, random } = context;
  const { learningRate, cutMix, jitter, emaDecay } = params;
  const lr = polyRate({ base: learningRate, steps, warmUp: WARM_UP_STEPS }, step);
  return {
    ...adamPlan(lr, step, ADAM_DEFAULTS),
    emaDecay,
    ...(cutMix ? drawMixing(random, images, size) : {}),
    ...(jitter > 0 ? { jitter: { shape: [images, 6], values: drawColourJitter(random, images, jitter) } } : {}),
  };
}

export function planAnchored(state: AnchoredState, context: StepContext<AnchoredValues>): AnchoredPlan {
  const { params, random } = context;
  const { batchSize: batch, anchorImages, views, viewJitter, threshold } = params;
  const [classes] = state.classWeights.shape;
  const { toView, toImage, colour } = drawFreshViews(random, {
    views,
    batch,
    width: state.size.width,
    jitter: viewJitter,
  });
  const rows = (values: Float32Array): PlannedRows => ({ shape: [views * batch, 6], values });
  return {
    ...planStudent(state, context, batch + anchorImages),
    toView: rows(toView),
    toImage: rows(toImage),
    viewColour: rows(colour),
    thresholds: { shape: [classes], values: new Float32Array(classes).fill(threshold) },
  };
}

/** CutMix inside a batch: every image gets a box from the one that a random permutation puts in its place. */
function drawMixing(
  random: RandomStream,
  images: number,
  { width, height }: Size,
): Required<Pick<StudentPlan, 'partners' | 'boxes'>> {
  const partners = Float32Array.from(random.permutation(images));
  const boxes = Array.from({ length: images }, () => {
    const lambda = random.uniform();
    const [centreX, centreY] = [random.integer(width), random.integer(height)];
    const { y1, x1, y2, x2 } = cutMixBox({ width, height, lambda, centreX, centreY });
    return [y1, x1, y2, x2];
  });
  return {
    partners: { shape: [images], values: partners },
    boxes: { shape: [images, 4], values: Float32Array.from(boxes.flat()) },
  };
}
