// CycleGAN: learns from unpaired images to give those of the source the look of the target, and back. Its product translates
// images; what is trained on them is the next method's business. Discriminator losses that add up to less than
// about 0.1 are a lost run: the generators then stay near the identity.
import { invariant } from '../../../domain/errors.ts';
import { generate } from '../../networks/translation/generator.ts';
import { cropImages } from '../../ops/cropImages/cropImages.ts';
import type * as tf from '../../tf.ts';
import { type Batches, defineMethod, type StreamName } from '../core/defineMethod.ts';
import { DISCRIMINATOR_RATE, LEARNING_RATE, loss } from '../core/metrics.ts';
import { buildCycleGan, buildToTarget, CYCLEGAN_PARAMS, planCycleGan } from './settings.ts';
import { updateCycleGan } from './step.ts';
import { CYCLEGAN_VIEWS, cycleganViews } from './views.ts';

export const method = defineMethod({
  info: {
    id: 'cyclegan',
    citation: 'Zhu et al., CycleGAN, ICCV 2017',
    needs: { sourceLabels: false, targetImages: true, targetLabels: false },
    params: CYCLEGAN_PARAMS,
    views: CYCLEGAN_VIEWS,
  },
  metrics: {
    step: [
      loss('loss_gan_target', 'Passing for target'),
      loss('loss_gan_source', 'Passing for source'),
      loss('loss_cycle_source', 'Cycle, source'),
      loss('loss_cycle_target', 'Cycle, target'),
      loss('loss_identity_target', 'Identity, target'),
      loss('loss_identity_source', 'Identity, source'),
      loss('loss_d_target', 'Discriminator, target'),
      loss('loss_d_source', 'Discriminator, source'),
    ],
    plan: [LEARNING_RATE, DISCRIMINATOR_RATE],
  },
  streams: ({ batchSize }) => ({ source: batchSize, target: batchSize }),
  build: buildCycleGan,
  plan: planCycleGan,
  step: (state, batches, planned) => {
    const cropped = (name: StreamName, windows: tf.Tensor2D): tf.Tensor4D =>
      cropImages(imagesOf(batches, name), windows, state.cropSize);
    const real = {
      source: cropped('source', planned.sourceWindows),
      target: cropped('target', planned.targetWindows),
    };
    return updateCycleGan(state, real, planned);
  },
  views: (state, batches, planned) => {
    const pictures = { source: imagesOf(batches, 'source'), target: imagesOf(batches, 'target') };
    return cycleganViews(state, pictures, planned.generatorKeys);
  },
  translator: { role: 'toTarget', build: buildToTarget, translate: generate },
});

function imagesOf(batches: Batches, name: StreamName): tf.Tensor4D {
  const batch = batches[name];
  invariant(batch, () => `The method reads "${name}" but declares no such stream.`);
  return batch.images;
}
