// Adversarial adaptation in output space, the UDA stage of UDAS: the segmenter learns from labelled source images while a
// discriminator is kept from telling its predictions on the target from those on the source.
import { invariant } from '../../domain/errors.ts';
import { ADVERSARIAL_PARAMS, buildAdversarial, planAdversarial } from './adversarialSettings.ts';
import { ADVERSARIAL_LOSSES, stepAdversarial } from './adversarialStep.ts';
import { defineMethod, labelledBatch } from './method.ts';

export const adversarial = defineMethod({
  info: {
    id: 'adversarial',
    citation: 'Tsai et al., AdaptSegNet, CVPR 2018; the confidence term after the UDAS paper, section 3.3',
    needs: { sourceLabels: true, targetImages: true, targetLabels: false },
    params: ADVERSARIAL_PARAMS,
    losses: ADVERSARIAL_LOSSES,
  },
  charted: ['lr', 'lr_discriminator'],
  streams: ({ batchSize, targetBatchSize }) => ({ source: batchSize, target: targetBatchSize }),
  build: buildAdversarial,
  plan: (_, moment) => planAdversarial(moment),
  step: (state, batches, planned) => {
    const { target } = batches;
    invariant(target, () => 'The step got no target images.');
    return stepAdversarial(state, { source: labelledBatch(batches, 'source'), target: target.images }, planned);
  },
  predictor: ({ networks }) => networks.segmenter,
});
