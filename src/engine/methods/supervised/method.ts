// Supervised on N labelled target images: what their labels alone are worth. With all of them, the upper reference.
import { defineMethod, labelledBatch } from '../core/defineMethod.ts';
import {
  buildSegmentation,
  planSegmentation,
  SEGMENTATION_METRICS,
  segmentationParams,
  stepSegmentation,
} from '../core/segmentation.ts';

export const method = defineMethod({
  info: {
    id: 'supervised',
    citation: 'Chen et al., DeepLab, TPAMI 2018',
    needs: { sourceLabels: false, targetImages: false, targetLabels: true },
    params: segmentationParams(1),
  },
  metrics: SEGMENTATION_METRICS,
  streams: ({ batchSize }) => ({ labelledTarget: batchSize }),
  build: buildSegmentation,
  plan: planSegmentation,
  step: (state, batches, planned) => stepSegmentation(state, labelledBatch(batches, 'labelledTarget'), planned),
  predictor: ({ networks }) => networks.segmenter,
});
