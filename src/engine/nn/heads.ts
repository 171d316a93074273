// The classifiers of torchvision's segmentation networks, with batch normalisation and torchvision's names. Dropout is left
// out: a step draws nothing, and what evaluates has none.
import { adaptiveAvgPool } from '../ops/avgPool/adaptiveAvgPool.ts';
import type { BatchNormMode } from '../ops/batchNorm/batchNorm.ts';
import { concatChannels } from '../ops/concatChannels/concatChannels.ts';
import { resizeBilinear } from '../ops/resizeBilinear/resizeBilinear.ts';
import { batchNormalisation, convolution, type Layer, sequence } from './layers.ts';
import type { ParameterScope } from './parameters.ts';

export interface HeadOptions {
  readonly from: number;
  readonly classes: number;
  readonly batchNorm: BatchNormMode;
}

/** FCN (Shelhamer et al. 2017): a quarter of the channels by 3x3, then classes by 1x1; parts `0`, `1`, `4`. */
export function fcnHead(scope: ParameterScope, { from, classes, batchNorm }: HeadOptions): Layer {
  const middle = from / 4;
  return sequence(
    convolution(scope.child(0), { from, to: middle, kernel: 3 }),
    batchNormalisation(scope.child(1), middle, batchNorm, 'relu'),
    convolution(scope.child(4), { from: middle, to: classes, kernel: 1, bias: true }),
  );
}

export interface DeepLabV3HeadOptions extends HeadOptions {
  /** Channels of each branch of the pyramid. */
  readonly branch: number;
  readonly rates: readonly number[];
}

/** DeepLab v3 (Chen et al. 2017): pyramid pooling (part `0`), 3x3 (`1`, `2`), classes by 1x1 (`4`). */
export function deepLabV3Head(scope: ParameterScope, options: DeepLabV3HeadOptions): Layer {
  const { branch, classes, batchNorm } = options;
  return sequence(
    asppWithImage(scope.child(0), options),
    convolution(scope.child(1), { from: branch, to: branch, kernel: 3 }),
    batchNormalisation(scope.child(2), branch, batchNorm, 'relu'),
    convolution(scope.child(4), { from: branch, to: classes, kernel: 1, bias: true }),
  );
}

/** 1x1, dilated 3x3 and the mean of the whole image, concatenated (`convs`) and projected (`project`). */
function asppWithImage(
  scope: ParameterScope,
  { from, branch, rates, batchNorm }: Omit<DeepLabV3HeadOptions, 'classes'>,
): Layer {
  const parts = scope.child('convs');
  const normalised = (part: ParameterScope, shape: Parameters<typeof convolution>[1], first = 0): Layer =>
    sequence(
      convolution(part.child(first), shape),
      batchNormalisation(part.child(first + 1), shape.to, batchNorm, 'relu'),
    );
  const local = [
    normalised(parts.child(0), { from, to: branch, kernel: 1 }),
    ...rates.map((dilation, i) => normalised(parts.child(i + 1), { from, to: branch, kernel: 3, dilation })),
  ];
  const image = imageBranch(parts.child(rates.length + 1), { from, branch, batchNorm });
  const project = normalised(scope.child('project'), { from: branch * (rates.length + 2), to: branch, kernel: 1 });
  return (x, phase) => project(concatChannels([...local, image].map((layer) => layer(x, phase))), phase);
}

/**
 * Mean over the image, 1x1, spread over the map again; parts `1`, `2`. One value per image and channel has no variance to
 * normalise by where the batch is a single image: PyTorch refuses, we take the running statistics.
 */
function imageBranch(
  scope: ParameterScope,
  { from, branch, batchNorm }: { from: number; branch: number; batchNorm: BatchNormMode },
): Layer {
  const convolve = convolution(scope.child(1), { from, to: branch, kernel: 1 });
  const normalise = batchNormalisation(scope.child(2), branch, batchNorm, 'relu');
  return (x, phase) => {
    const [batch, height, width] = x.shape;
    const pooled = convolve(adaptiveAvgPool(x, [1, 1]), phase); // [n, 1, 1, branch]
    return resizeBilinear(normalise(pooled, batch === 1 ? 'evaluate' : phase), [height, width], {
      alignCorners: false,
    });
  };
}
