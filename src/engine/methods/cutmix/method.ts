// CutMix across domains, the SSL stage of UDAS: as adversarial adaptation, with boxes of the few labelled target images
// pasted into source images, labels likewise. A target label is learnt from inside such a box only.
import type { ParamSpecs, ValuesOf } from '../../../domain/params.ts';
import { drawColourJitter } from '../../augment/colourJitter.ts';
import { splitBatch } from '../../ops/batches/splitBatch.ts';
import { colourJitter } from '../../ops/colourJitter/colourJitter.ts';
import type { LabelledImages } from '../../ops/mix/labelledImages.ts';
import { mixBoxes } from '../../ops/mix/mixRegions.ts';
import { type Batches, defineMethod, labelledBatch, type StepContext, targetImages } from '../core/defineMethod.ts';
import { type StepMetrics, share } from '../core/metrics.ts';
import type { PlannedRows, PlanTensors } from '../core/plan.ts';
import {
  ADVERSARIAL_PARAMS,
  type AdversarialPlan,
  type AdversarialState,
  buildAdversarial,
  planAdversarial,
} from '../parts/alignment/settings.ts';
import { ADVERSARIAL_METRICS, CUTMIX_LOSS, reported, stepAdversarial } from '../parts/alignment/step.ts';
import { ADVERSARIAL_VIEWS, adversarialViews } from '../parts/alignment/views.ts';
import { areaOf, BOX_MODES, drawBox } from './boxes.ts';

const PARAMS = {
  ...ADVERSARIAL_PARAMS,
  learningRate: { ...ADVERSARIAL_PARAMS.learningRate, default: 2e-3 },
  lambdaCm: { kind: 'number', default: 1, min: 0, max: 10, step: 0.1 },
  cutMixBatch: { kind: 'number', default: 4, min: 1, max: 32, step: 1, integer: true, fixed: true },
  boxMode: { kind: 'choice', default: 'center-clip', options: BOX_MODES },
  jitter: { kind: 'number', default: 0.6, min: 0, max: 2, step: 0.1 },
} as const satisfies ParamSpecs;
type Values = ValuesOf<typeof PARAMS>;

interface CutMixPlan extends AdversarialPlan {
  readonly lambdaCm: number;
  /** [cutMixBatch, 4]: y1, x1, y2, x2 in pixels. */
  readonly boxes: PlannedRows;
  /** Their mean share of the picture. */
  readonly box_share: number;
  /** Colour factors of the mixed images [cutMixBatch, 6]; absent at strength 0. */
  readonly jitter?: PlannedRows;
}

function plan(state: AdversarialState, context: StepContext<Values>): CutMixPlan {
  const { params, random } = context;
  const { lambdaCm, cutMixBatch: count, boxMode, jitter } = params;
  const boxes = Array.from({ length: count }, () => drawBox(random, boxMode, state.size));
  const share = boxes.reduce((sum, box) => sum + areaOf(box, state.size), 0) / count;
  return {
    ...planAdversarial(state, context),
    lambdaCm,
    boxes: { shape: [count, 4], values: Float32Array.from(boxes.flatMap(({ y1, x1, y2, x2 }) => [y1, x1, y2, x2])) },
    box_share: share,
    ...(jitter > 0 ? { jitter: { shape: [count, 6], values: drawColourJitter(random, count, jitter) } } : {}),
  };
}

/** The source stream brings the images to learn from first, then `bases` to paste on. */
function cut(source: LabelledImages, bases: number): readonly [learnt: LabelledImages, base: LabelledImages] {
  const counts = [source.labels.shape[0] - bases, bases] as const;
  const images = splitBatch(source.images, counts);
  const labels = splitBatch(source.labels, counts);
  return [
    { images: images[0], labels: labels[0] },
    { images: images[1], labels: labels[1] },
  ];
}

/** The labelled target inside the boxes, the base outside; 255 is pasted as any label is. Then colours change, labels do not. */
function mixed(
  base: LabelledImages,
  pasted: LabelledImages,
  { boxes, jitter }: PlanTensors<CutMixPlan>,
): LabelledImages {
  const { images, labels } = mixBoxes(pasted, base, boxes);
  return { images: jitter === undefined ? images : colourJitter(images, jitter), labels };
}

/** What a step sees. */
function imagesOf(batches: Batches, planned: PlanTensors<CutMixPlan>) {
  const source = labelledBatch(batches, 'source');
  const pasted = labelledBatch(batches, 'labelledTarget');
  const [learnt, base] = cut(source, pasted.labels.shape[0]);
  return {
    source: learnt,
    target: targetImages(batches),
    mixed: { ...mixed(base, pasted, planned), weight: planned.lambdaCm },
  };
}

const METRICS = {
  step: [...ADVERSARIAL_METRICS.step, CUTMIX_LOSS],
  plan: [...ADVERSARIAL_METRICS.plan, share('box_share', 'Share of the picture pasted')],
} as const satisfies StepMetrics;

export const method = defineMethod({
  info: {
    id: 'cutmix',
    citation: 'Yun et al., CutMix, ICCV 2019; across domains after the UDAS paper, section 3.4',
    needs: { sourceLabels: true, targetImages: true, targetLabels: true },
    params: PARAMS,
    views: [
      ...ADVERSARIAL_VIEWS,
      { name: 'mixed', label: 'CutMix', kind: 'image' },
      { name: 'mixed_label', label: 'CutMix label', kind: 'label' },
    ],
  },
  metrics: METRICS,
  streams: ({ batchSize, targetBatchSize, cutMixBatch }) => ({
    source: batchSize + cutMixBatch,
    target: targetBatchSize,
    labelledTarget: cutMixBatch,
  }),
  build: (context) => buildAdversarial(context),
  plan,
  step: (state, batches, planned) =>
    reported(stepAdversarial(state, imagesOf(batches, planned), planned), METRICS.step),
  views: (state, batches, planned) => {
    const { source, target, mixed } = imagesOf(batches, planned);
    const shared = adversarialViews(state, { source: source.images, target }, planned);
    return { ...shared, mixed: mixed.images, mixed_label: mixed.labels };
  },
  predictor: ({ networks }) => networks.segmenter,
});
