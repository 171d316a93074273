// DeepLab v2 (Chen et al. 2018) on ResNet as AdaptSegNet, ADVENT and DACS built it: the task model of the paper. Weights
// trained there load by name.
import type { ParamSpecs, ValuesOf } from '../../domain/params.ts';
import { IMAGE_RANGES, toImageRange } from '../nn/imageRange.ts';
import { asppSum, type Layer } from '../nn/layers.ts';
import { normal, type ParameterScope } from '../nn/parameters.ts';
import { RESNET_50, RESNET_101, type ResNetOptions, resNet, STAGE_WIDTHS } from '../nn/resNet.ts';
import { BATCH_NORM_MODES } from '../ops/batchNorm/batchNorm.ts';
import { type Levels, levelsOf, upsampled } from './core/levels.ts';
import { defineNetwork, type NetworkEntry } from './core/network.ts';

/** All convolutions start from N(0, 0.01^2), as in AdaptSegNet; pretrained weights then replace the backbone's. */
const START = normal(0.01);

export type DeepLabV2Options = Pick<ResNetOptions, 'blocks' | 'width' | 'strideIn' | 'batchNorm' | 'checkpoint'> & {
  readonly classes: number;
  /** Dilations of the classifier's branches. */
  readonly rates: readonly number[];
  /** How many branches are summed, from the first; AdaptSegNet's published code returns after two. */
  readonly summed: number;
  /** Adds a classifier on the third stage. */
  readonly multiLevel: boolean;
};

/** Class scores at 1/8 of the size, from images in the range of the weights. */
export function deepLabV2(scope: ParameterScope, options: DeepLabV2Options): Levels {
  const { classes, rates, summed, multiLevel, width, ...backbone } = options;
  const { stem, stages } = resNet(scope, {
    ...backbone,
    width,
    start: START,
    firstDilation: 'own',
    ceilMode: true,
  });
  const classifier = (part: string, from: number): Layer =>
    asppSum(scope.child(part), { from, classes, rates, start: START, counted: summed });
  // AdaptSegNet counts its classifiers on from the stages: the auxiliary one first, where there are two.
  const aux = multiLevel ? classifier('layer5', width * STAGE_WIDTHS[2]) : undefined;
  const main = classifier(multiLevel ? 'layer6' : 'layer5', width * STAGE_WIDTHS[3]);
  return levelsOf({ stem, stages, main, ...(aux === undefined ? {} : { aux }) });
}

const PARAMS = {
  levels: { kind: 'choice', default: 'single', options: ['single', 'multi'] },
  aspp: { kind: 'choice', default: 'full', options: ['full', 'first-two'] },
  asppRates: { kind: 'choice', default: '6-12-18-24', options: ['6-12-18-24', '3-6-9-12', '2-4-6-8'] },
  batchNorm: { kind: 'choice', default: 'frozen', options: BATCH_NORM_MODES },
  imageRange: { kind: 'choice', default: 'caffe', options: IMAGE_RANGES },
  strideIn: { kind: 'choice', default: 'conv1', options: ['conv1', 'conv2'] },
  width: { kind: 'number', default: 64, min: 4, max: 64, step: 4, integer: true },
  checkpoint: { kind: 'toggle', default: false },
} as const satisfies ParamSpecs;

function optionsOf(
  blocks: DeepLabV2Options['blocks'],
  params: ValuesOf<typeof PARAMS>,
  classes: number,
): DeepLabV2Options {
  const { levels, aspp, asppRates, batchNorm, strideIn, width, checkpoint } = params;
  const rates = asppRates.split('-').map(Number);
  return {
    ...{ blocks, width, strideIn, batchNorm, checkpoint, rates, classes },
    summed: aspp === 'full' ? rates.length : 2,
    multiLevel: levels === 'multi',
  };
}

function entryOf(
  info: { readonly id: string; readonly label: string },
  blocks: DeepLabV2Options['blocks'],
): NetworkEntry {
  return defineNetwork({
    info: { ...info, sizeMultiple: 1, params: PARAMS },
    build: (scope, params, classes) => ({
      // Aligned corners: with the other convention AdaptSegNet's weights lose two points (its issue 11).
      ...upsampled(deepLabV2(scope, optionsOf(blocks, params, classes)), toImageRange(params.imageRange), {
        alignCorners: true,
      }),
      isClassifier: (name) => /^layer[56]\./.test(name),
    }),
  });
}

export const networks: readonly NetworkEntry[] = [
  entryOf({ id: 'deeplab-v2-r50', label: 'DeepLab v2, ResNet-50' }, RESNET_50),
  entryOf({ id: 'deeplab-v2-r101', label: 'DeepLab v2, ResNet-101' }, RESNET_101),
];
