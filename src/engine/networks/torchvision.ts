// torchvision's `deeplabv3_resnet50` (Chen et al. 2017) and `fcn_resnet50` (Shelhamer et al. 2017): weights trained there load
// by name. The paper's FCN and, for want of its DeepLab v3+, the closest network that torchvision has weights for.
import type { ParamSpecs } from '../../domain/params.ts';
import { deepLabV3Head, fcnHead, type HeadOptions } from '../nn/heads.ts';
import { IMAGE_RANGES, toImageRange } from '../nn/imageRange.ts';
import type { Layer } from '../nn/layers.ts';
import { normal, type ParameterScope } from '../nn/parameters.ts';
import { RESNET_50, type ResNetOptions, resNet, STAGE_WIDTHS } from '../nn/resNet.ts';
import { BATCH_NORM_MODES } from '../ops/batchNorm/batchNorm.ts';
import { type Levels, levelsOf, upsampled } from './core/levels.ts';
import { defineNetwork, type NetworkEntry } from './core/network.ts';

/** At an output stride of 8. */
const ASPP_RATES = [12, 24, 36] as const;

export type TorchvisionOptions = Pick<ResNetOptions, 'width' | 'batchNorm' | 'checkpoint'> & {
  readonly head: 'deeplabv3' | 'fcn';
  readonly classes: number;
  /** Adds an FCN classifier on the third stage. */
  readonly multiLevel: boolean;
};

/** Class scores at 1/8 of the size, from images in ImageNet's range. */
export function torchvisionNetwork(scope: ParameterScope, options: TorchvisionOptions): Levels {
  const { head, classes, multiLevel, width, batchNorm, checkpoint } = options;
  const backbone = resNet(scope.child('backbone'), {
    blocks: RESNET_50,
    // Bounded also where frozen statistics do not normalise anything yet.
    start: normal(0.01),
    strideIn: 'conv2',
    firstDilation: 'previous',
    ceilMode: false,
    ...{ width, batchNorm, checkpoint },
  });
  const shape = (stage: 2 | 3): HeadOptions => ({ from: width * STAGE_WIDTHS[stage], classes, batchNorm });
  const classifier = scope.child('classifier');
  const main: Layer =
    head === 'fcn'
      ? fcnHead(classifier, shape(3))
      : deepLabV3Head(classifier, { ...shape(3), branch: 4 * width, rates: ASPP_RATES });
  const aux = multiLevel ? fcnHead(scope.child('aux_classifier'), shape(2)) : undefined;
  return levelsOf({ ...backbone, main, ...(aux === undefined ? {} : { aux }) });
}

const PARAMS = {
  levels: { kind: 'choice', default: 'single', options: ['single', 'multi'] },
  batchNorm: { kind: 'choice', default: 'frozen', options: BATCH_NORM_MODES },
  imageRange: { kind: 'choice', default: 'imagenet', options: IMAGE_RANGES },
  width: { kind: 'number', default: 64, min: 4, max: 64, step: 4, integer: true },
  checkpoint: { kind: 'toggle', default: false },
} as const satisfies ParamSpecs;

function entryOf(
  info: { readonly id: string; readonly label: string },
  head: TorchvisionOptions['head'],
): NetworkEntry {
  return defineNetwork({
    info: { ...info, sizeMultiple: 1, params: PARAMS },
    build: (scope, { levels, imageRange, ...params }, classes) => ({
      ...upsampled(
        torchvisionNetwork(scope, { ...params, head, classes, multiLevel: levels === 'multi' }),
        toImageRange(imageRange),
        { alignCorners: false },
      ),
      isClassifier: (name) => /^(aux_)?classifier\./.test(name),
    }),
  });
}

export const networks: readonly NetworkEntry[] = [
  entryOf({ id: 'deeplab-v3-r50', label: 'DeepLab v3, ResNet-50' }, 'deeplabv3'),
  entryOf({ id: 'fcn-r50', label: 'FCN, ResNet-50' }, 'fcn'),
];
