// The smallest network that shows the whole shape of DeepLab v2: plain encoder, dilated branches summed, bilinear up.
// For tests, slow machines and first looks; everything below 1/16 of the image is invisible to it.
import { asppSum, convNormRelu, type Layer, sequence } from '../nn/layers.ts';
import { normal, type ParameterScope } from '../nn/parameters.ts';
import { resizeBilinear } from '../ops/resizeBilinear/resizeBilinear.ts';
import { defineNetwork, type NetworkEntry } from './core/network.ts';

const CHANNELS = [16, 32, 64, 96] as const;
const LAST = 96;
const RATES = [1, 2, 3, 4] as const;

export const toy = defineNetwork({ info: { id: 'toy', label: 'Toy', sizeMultiple: 8 }, build: buildToy });
export const networks: readonly NetworkEntry[] = [toy];

function buildToy(scope: ParameterScope, _: unknown, classes: number): Layer {
  const encode = sequence(
    ...CHANNELS.map((to, i) =>
      convNormRelu(scope.child(`layer${i + 1}`), { from: CHANNELS[i - 1] ?? 3, to, kernel: 3, stride: 2 }),
    ),
  );
  // DeepLab v2 starts its classifier from N(0, 0.01^2): the first predictions are near uniform.
  const classify = asppSum(scope.child('classifier'), {
    from: LAST,
    classes,
    rates: RATES,
    start: normal(0.01),
  });
  return (images, phase) => {
    const scores = classify(encode(images, phase), phase); // [n, h/16, w/16, classes]
    return resizeBilinear(scores, [images.shape[1], images.shape[2]], { alignCorners: false });
  };
}
