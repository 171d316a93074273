// Adversarial adaptation in output space, the UDA stage of UDAS: the segmenter learns from labelled source images while a
// discriminator is kept from telling its predictions on the target from those on the source.

import { defineMethod, labelledBatch, targetImages } from '../core/defineMethod.ts';
import { ADVERSARIAL_PARAMS, buildAdversarial, planAdversarial } from '../parts/alignment/settings.ts';
import { ADVERSARIAL_METRICS, reported, stepAdversarial } from '../parts/alignment/step.ts';
import { ADVERSARIAL_VIEWS, adversarialViews } from '../parts/alignment/views.ts';

export const method = defineMethod({
  info: {
    id: 'adversarial',
    citation: 'Tsai et al., AdaptSegNet, CVPR 2018; the confidence term after the UDAS paper, section 3.3',
    needs: { sourceLabels: true, targetImages: true, targetLabels: false },
    params: ADVERSARIAL_PARAMS,
    views: ADVERSARIAL_VIEWS,
  },
  metrics: ADVERSARIAL_METRICS,
  streams: ({ batchSize, targetBatchSize }) => ({ source: batchSize, target: targetBatchSize }),
  build: buildAdversarial,
  plan: planAdversarial,
  step: (state, batches, planned) => {
    const images = { source: labelledBatch(batches, 'source'), target: targetImages(batches) };
    return reported(stepAdversarial(state, images, planned), ADVERSARIAL_METRICS.step);
  },
  views: (state, batches, planned) => {
    const { images: source } = labelledBatch(batches, 'source');
    return adversarialViews(state, { source, target: targetImages(batches) }, planned);
  },
  predictor: ({ networks }) => networks.segmenter,
});
