// A network of every kind of layer that takes a millisecond a step: what is tested around it does not depend on its size.
import { CITYSCAPES_CLASSES } from '../../../domain/classes.ts';
import { type NetworkEntry, networkOf } from '../../networks/core/network.ts';
import { asppSum, bottleneck, convNormRelu, type Layer, sequence } from '../../nn/layers.ts';
import { normal, ParameterScope } from '../../nn/parameters.ts';
import { resizeBilinear } from '../../ops/resizeBilinear/resizeBilinear.ts';

export const speck: NetworkEntry = {
  info: { id: 'speck', label: 'Speck', parameters: 0, sizeMultiple: 2 },
  build: ({ classes = CITYSCAPES_CLASSES.length, ...options }) => {
    const scope = new ParameterScope(options);
    const layers = sequence(
      convNormRelu(scope.child('stem'), { from: 3, to: 4, kernel: 3, stride: 2 }),
      bottleneck(scope.child('block'), { channels: 4, middle: 2, dilation: 2 }),
      asppSum(scope.child('classifier'), { from: 4, classes, rates: [1, 2], start: normal(0.01) }),
    );
    const forward: Layer = (images, phase) =>
      resizeBilinear(layers(images, phase), [images.shape[1], images.shape[2]], { alignCorners: false });
    return networkOf('speck', scope, forward);
  },
};
