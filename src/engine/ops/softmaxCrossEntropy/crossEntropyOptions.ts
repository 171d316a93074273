// What can be asked of the cross-entropy; the same for the kernels and for the composition that stands in for them.
import type * as tf from '../../tf.ts';

export interface PixelCrossEntropyOptions {
  /** Label that does not count; 255 unless said. Labels that are no class never count. */
  readonly ignore?: number;
  /** Cross-entropy of softmax(logits / temperature); the gradient is that of the unscaled logits. */
  readonly temperature?: number;
}
/**
 * What the sum over pixels is divided by. `valid`: pixels whose label counts (PyTorch's mean; FixMatch with a mask).
 * `kept`: valid pixels that the mask keeps. `weights`: the class weights of the kept pixels (PyTorch's weighted mean).
 * `pixels`: all of them (DACS; ignored pixels count as 0).
 */
export type CrossEntropyDivisor = 'valid' | 'kept' | 'weights' | 'pixels';
export interface CrossEntropyOptions extends PixelCrossEntropyOptions {
  readonly classWeights?: tf.Tensor1D;
  /** 0 or 1 per pixel [batch, height, width]; a constant. */
  readonly keep?: tf.Tensor3D;
  readonly divideBy?: CrossEntropyDivisor;
}
