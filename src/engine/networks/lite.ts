// DeepLab-lite: encoder to 1/8 with dilated bottlenecks, ASPP, and skips at 1/4 and 1/2 that keep poles and signs.
// Parameter names follow PyTorch's module tree, so weights trained there can be loaded.
import { asppConcat, bottleneck, convNormRelu, convolution, type Layer, sequence } from '../nn/layers.ts';
import type { ParameterScope } from '../nn/parameters.ts';
import { concatChannels } from '../ops/concatChannels/concatChannels.ts';
import { resizeBilinear } from '../ops/resizeBilinear/resizeBilinear.ts';
import type * as tf from '../tf.ts';
import { defineNetwork, type NetworkEntry } from './core/network.ts';

const CHANNELS = { half: 12, quarter: 20, eighth: 48, middle: 24, branch: 16, decoder: 32 } as const;
const BLOCK_DILATIONS = [1, 2, 4] as const;
const ASPP_RATES = [1, 2, 4] as const;

export const lite = defineNetwork({ info: { id: 'lite', label: 'DeepLab-lite', sizeMultiple: 8 }, build: buildLite });
export const networks: readonly NetworkEntry[] = [lite];

function buildLite(scope: ParameterScope, _: unknown, classes: number): Layer {
  const { half, quarter, eighth, middle, branch, decoder } = CHANNELS;
  const toHalf = convNormRelu(scope.child('s1'), { from: 3, to: half, kernel: 3, stride: 2 });
  const s2 = scope.child('s2');
  const toQuarter = sequence(
    convNormRelu(s2.child(0), { from: half, to: quarter, kernel: 3, stride: 2 }),
    convNormRelu(s2.child(1), { from: quarter, to: quarter, kernel: 3 }),
  );
  const context = sequence(
    convNormRelu(scope.child('s3'), { from: quarter, to: eighth, kernel: 3, stride: 2 }),
    ...BLOCK_DILATIONS.map((dilation, i) =>
      bottleneck(scope.child('blocks').child(i), { channels: eighth, middle, dilation }),
    ),
    asppConcat(scope.child('aspp'), { from: eighth, branch, rates: ASPP_RATES }),
    convNormRelu(scope.child('red'), { from: branch * (1 + ASPP_RATES.length), to: decoder, kernel: 1 }),
  );
  const mix = convNormRelu(scope.child('mix'), { from: decoder + quarter, to: decoder, kernel: 1 });
  const head = convolution(scope.child('head'), { from: decoder, to: classes, kernel: 1, bias: true });
  const low = convolution(scope.child('low'), { from: half, to: classes, kernel: 1 });

  return (images, phase) => {
    const atHalf = toHalf(images, phase); // [n, h/2, w/2, 12]
    const atQuarter = toQuarter(atHalf, phase); // [n, h/4, w/4, 20]
    const wide = context(atQuarter, phase); // [n, h/8, w/8, 32]
    const decoded = mix(concatChannels([resizedLike(wide, atQuarter), atQuarter]), phase); // [n, h/4, w/4, 32]
    const scores = resizedLike(head(decoded, phase), atHalf, low(atHalf, phase)); // [n, h/2, w/2, classes]
    return resizedLike(scores, images); // [n, h, w, classes]
  };
}

/** Half-pixel centres (`align_corners = false`): the corner convention of everything after DeepLab v2. */
const resizedLike = (x: tf.Tensor4D, like: tf.Tensor4D, added?: tf.Tensor4D): tf.Tensor4D =>
  resizeBilinear(x, [like.shape[1], like.shape[2]], {
    alignCorners: false,
    ...(added === undefined ? {} : { added }),
  });
