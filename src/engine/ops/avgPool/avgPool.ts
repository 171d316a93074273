// Average pooling without padding.
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import { type PerAxis, perAxis } from '../core/geometry.ts';

/** Mean of every window of `x` [batch, height, width, channels]; the stride is the kernel's size unless said. */
export function avgPool(x: tf.Tensor4D, options: { readonly kernel: PerAxis; readonly stride?: PerAxis }): tf.Tensor4D {
  assertShape(x, ['batch', 'height', 'width', 'channels'], 'avgPool x');
  const kernel = perAxis(options.kernel, 1);
  return tf.avgPool(x, kernel, perAxis(options.stride, kernel), 'valid');
}
