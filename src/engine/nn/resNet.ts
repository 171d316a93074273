// The dilated residual network (He et al. 2016; Yu et al. 2017) that DeepLab and FCN stand on: a map of 1/8 of the image and
// bottlenecks with batch normalisation. Parameter names are torchvision's, which AdaptSegNet shares.
import type { BatchNormMode } from '../ops/batchNorm/batchNorm.ts';
import { maxPool } from '../ops/maxPool/maxPool.ts';
import { checkpointed } from './checkpointed.ts';
import { batchNormalisation, convolution, type Layer, sequence } from './layers.ts';
import type { Initialiser, ParameterScope } from './parameters.ts';

/** Bottlenecks in each of the four stages. */
export type StageBlocks = readonly [number, number, number, number];
export const RESNET_50: StageBlocks = [3, 4, 6, 3];
export const RESNET_101: StageBlocks = [3, 4, 23, 3];

export interface ResNetOptions {
  readonly blocks: StageBlocks;
  /** Channels of the stem; 64 in the papers. The stages have 4, 8, 16 and 32 times as many. */
  readonly width: number;
  /** Which convolution of a bottleneck halves the map: the first 1x1 (Caffe's weights) or the 3x3 (torchvision's). */
  readonly strideIn: 'conv1' | 'conv2';
  /** Dilation of the first block of a dilated stage: the stage's (AdaptSegNet) or that of the stage before (torchvision). */
  readonly firstDilation: 'own' | 'previous';
  /** Whether the pooling of the stem counts a last, overhanging window: AdaptSegNet's does, torchvision's does not. */
  readonly ceilMode: boolean;
  readonly batchNorm: BatchNormMode;
  /** Of all convolutions. */
  readonly start: Initialiser;
  /** Whether blocks are computed again in the backward pass instead of being kept. */
  readonly checkpoint: boolean;
}

export interface ResNet {
  /** [n, h, w, 3] to [n, h/4, w/4, width]. */
  readonly stem: Layer;
  /** `layer1` to `layer4`: to [n, h/4, w/4, 4 width], and to 8, 16 and 32 times the width at 1/8. */
  readonly stages: readonly [Layer, Layer, Layer, Layer];
}

/** Channels that leave a stage, over the stem's. */
export const STAGE_WIDTHS = [4, 8, 16, 32] as const;
const STRIDES = [1, 2, 1, 1] as const;
const DILATIONS = [1, 1, 2, 4] as const;
const EXPANSION = 4;
/**
 * Blocks in one check-point. A block's input is a third of what computing it keeps: with three in a row, the inputs kept for
 * all 33 blocks of ResNet-101 and the maps of one row together are fewest.
 */
const CHECKPOINT_BLOCKS = 3;

/** Parts `conv1`, `bn1`, `layer1`... `layer4`. */
export function resNet(scope: ParameterScope, options: ResNetOptions): ResNet {
  const { width, start, batchNorm, ceilMode } = options;
  const convolve = convolution(scope.child('conv1'), { from: 3, to: width, kernel: 7, stride: 2, start });
  const normalise = batchNormalisation(scope.child('bn1'), width, batchNorm, 'relu');
  const stem: Layer = (x, phase) =>
    maxPool(normalise(convolve(x, phase), phase), { kernel: 3, stride: 2, padding: 1, ceilMode });
  return {
    stem,
    stages: [stage(scope, options, 0), stage(scope, options, 1), stage(scope, options, 2), stage(scope, options, 3)],
  };
}

function stage(scope: ParameterScope, options: ResNetOptions, index: 0 | 1 | 2 | 3): Layer {
  const { blocks, width, firstDilation, checkpoint } = options;
  const part = scope.child(`layer${index + 1}`);
  const to = width * STAGE_WIDTHS[index];
  const dilation = DILATIONS[index];
  const previous = DILATIONS[index - 1] ?? 1;
  const row: Layer[] = [];
  const rows: Layer[] = [];
  let known = scope.parameters.length;
  for (let i = 0; i < blocks[index]; i++) {
    const block = bottleneckBlock(part.child(i), options, {
      from: i > 0 ? to : width * (STAGE_WIDTHS[index - 1] ?? 1),
      to,
      stride: i === 0 ? STRIDES[index] : 1,
      dilation: i === 0 && firstDilation === 'previous' ? previous : dilation,
      projects: i === 0,
    });
    row.push(block);
    if (row.length < CHECKPOINT_BLOCKS && i < blocks[index] - 1) continue;
    const blocksOfRow = sequence(...row.splice(0));
    rows.push(checkpoint ? checkpointed(blocksOfRow, scope.parameters.slice(known)) : blocksOfRow);
    known = scope.parameters.length;
  }
  return sequence(...rows);
}

interface BlockShape {
  readonly from: number;
  readonly to: number;
  readonly stride: number;
  readonly dilation: number;
  /** Whether the shortcut is a 1x1 convolution. */
  readonly projects: boolean;
}

/** 1x1, 3x3, 1x1, each normalised; the input, or its projection, is added before the last ReLU, in the same pass. */
function bottleneckBlock(scope: ParameterScope, options: ResNetOptions, shape: BlockShape): Layer {
  const { strideIn, batchNorm, start } = options;
  const { from, to, stride, dilation, projects } = shape;
  const middle = to / EXPANSION;
  const [first, second] = strideIn === 'conv1' ? [stride, 1] : [1, stride];
  const branch = sequence(
    convolution(scope.child('conv1'), { from, to: middle, kernel: 1, stride: first, start }),
    batchNormalisation(scope.child('bn1'), middle, batchNorm, 'relu'),
    convolution(scope.child('conv2'), { from: middle, to: middle, kernel: 3, stride: second, dilation, start }),
    batchNormalisation(scope.child('bn2'), middle, batchNorm, 'relu'),
    convolution(scope.child('conv3'), { from: middle, to, kernel: 1, start }),
  );
  const normalise = batchNormalisation(scope.child('bn3'), to, batchNorm, 'relu');
  if (!projects) return (x, phase) => normalise(branch(x, phase), phase, x);
  const downsample = scope.child('downsample');
  const shortcut = sequence(
    convolution(downsample.child(0), { from, to, kernel: 1, stride, start }),
    batchNormalisation(downsample.child(1), to, batchNorm),
  );
  return (x, phase) => normalise(branch(x, phase), phase, shortcut(x, phase));
}
