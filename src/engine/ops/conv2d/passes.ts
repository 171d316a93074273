// The three passes of a convolution, without tape: forward, gradient to the input, gradient to the filter. Shared by
// conv2d and convTranspose2d, whose forward pass is the other's input gradient.
import * as tf from '../../tf.ts';
import type { ResolvedConv, Sides } from '../core/geometry.ts';
import { insertZeros, padSides } from './layout.ts';

type Shape4D = [number, number, number, number];
type Pads = [[number, number], [number, number], [number, number], [number, number]];

const NO_PADDING: Sides = { top: 0, bottom: 0, left: 0, right: 0 };

function explicitPads({ top, bottom, left, right }: Sides): Pads {
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
}

/** Convolution of `x` [n, h, w, in] with `filter` [kh, kw, in, out]. */
export function convForward(x: tf.Tensor4D, filter: tf.Tensor4D, conv: ResolvedConv): tf.Tensor4D {
  const { stride, dilation, padding } = conv;
  const isStrided = stride[0] > 1 || stride[1] > 1;
  const isDilated = dilation[0] > 1 || dilation[1] > 1;
  if (!(isStrided && isDilated)) {
    return tf.conv2d(x, filter, stride, explicitPads(padding), 'NHWC', dilation);
  }
  // TensorFlow.js takes a stride or a dilation, not both: keep every stride-th result of the dense convolution.
  const dense = tf.conv2d(x, filter, 1, explicitPads(padding), 'NHWC', dilation);
  return strided(dense, [0, 0, 0, 0], dense.shape, stride);
}

/** Gradient to the input of shape `xShape`, given `dy` [n, oh, ow, out]. */
export function inputGradient(dy: tf.Tensor4D, filter: tf.Tensor4D, xShape: Shape4D, conv: ResolvedConv): tf.Tensor4D {
  const { stride, dilation, padding } = conv;
  const [kh, kw] = filter.shape;
  const isDilated = dilation[0] > 1 || dilation[1] > 1;
  if ((stride[0] > 1 || stride[1] > 1) && !isDilated) {
    return tf.conv2dTranspose(dy, filter, xShape, stride, explicitPads(padding));
  }
  // dx is the convolution of dy with the filter turned by 180 degrees and its channels swapped, at the same dilation.
  const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
  const spread = insertZeros(dy, stride);
  const border = spreadBorder(xShape, spread.shape, [kh, kw], conv);
  if (Math.min(border.top, border.bottom, border.left, border.right) >= 0) {
    return tf.conv2d(spread, turned, 1, explicitPads(border), 'NHWC', dilation);
  }
  // More padding than the kernel reaches: the outermost results of the forward pass saw zeros only.
  return tf.conv2d(padSides(spread, border), turned, 1, explicitPads(NO_PADDING), 'NHWC', dilation);
}

// At most this many bytes for the gathered taps of the filter gradient; beyond, tap by tap.
const GATHER_LIMIT_BYTES = 64 * 1024 * 1024;
// The pixels are summed in this many groups at least, so that the matrix product has independent work to do.
const MIN_GROUPS = 4;

/**
 * Gradient to the filter of shape `filterShape` [kh, kw, in, out]: dW[i, j] = sum over pixels of x(shifted by i, j)^T dy.
 * TensorFlow.js's own kernel runs one GPU thread per weight over all pixels; these are matrix products, batched over
 * groups of rows, which also fixes the order of summation.
 */
export function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, filterShape: Shape4D, conv: ResolvedConv): tf.Tensor4D {
  const [kh, kw, inputs, outputs] = filterShape;
  const [batch, oh, ow] = dy.shape;
  const tap = tapsOf(x, [oh, ow], [kh, kw], conv);
  const groups = batch * rowGroups(oh, batch);
  const pixels = (batch * oh * ow) / groups;
  const upstream = tf.reshape(dy, [groups, pixels, outputs]);
  const product = (columns: tf.Tensor4D): tf.Tensor2D => {
    const grouped = tf.reshape(columns, [groups, pixels, columns.shape[3]]);
    const partial = tf.matMul(grouped, upstream, true, false);
    return groups === 1 ? tf.reshape(partial, [columns.shape[3], outputs]) : tf.sum(partial, 0);
  };

  const taps: tf.Tensor4D[] = [];
  for (let i = 0; i < kh; i++) for (let j = 0; j < kw; j++) taps.push(tap(i, j));
  const gatheredBytes = 4 * batch * oh * ow * inputs * kh * kw;
  const flat = gatheredBytes <= GATHER_LIMIT_BYTES ? product(tf.concat(taps, 3)) : tf.concat(taps.map(product), 0);
  return tf.reshape(flat, filterShape);
}

/** What to add to dy, its pixels `spread`, so that its convolution with the turned filter has the size of x: may be negative. */
export function spreadBorder(
  [, height, width]: Shape4D,
  [, rows, columns]: Shape4D,
  [kh, kw]: readonly [number, number],
  { dilation, padding }: ResolvedConv,
): Sides {
  const [reachY, reachX] = [dilation[0] * (kh - 1), dilation[1] * (kw - 1)];
  const [top, left] = [reachY - padding.top, reachX - padding.left];
  return { top, left, bottom: height + reachY - rows - top, right: width + reachX - columns - left };
}

/** For tap (i, j) of the filter what it reads of `x` for every one of the results [oh, ow]. */
export function tapsOf(
  x: tf.Tensor4D,
  [oh, ow]: readonly [number, number],
  [kh, kw]: readonly [number, number],
  { stride, dilation, padding: { top, left } }: ResolvedConv,
): (i: number, j: number) => tf.Tensor4D {
  const span = [(oh - 1) * stride[0] + 1, (ow - 1) * stride[1] + 1] as const;
  const padded = padSides(x, {
    top,
    left,
    bottom: Math.max(0, span[0] + dilation[0] * (kh - 1) - x.shape[1] - top),
    right: Math.max(0, span[1] + dilation[1] * (kw - 1) - x.shape[2] - left),
  });
  return (i, j) => shifted(padded, [i * dilation[0], j * dilation[1]], span, stride);
}

/** Every stride-th pixel of the window of `span` pixels that starts at `offset`. */
export function shifted(
  x: tf.Tensor4D,
  offset: readonly [number, number],
  span: readonly [number, number],
  stride: readonly [number, number],
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  if (stride[0] === 1 && stride[1] === 1) {
    if (span[0] === height && span[1] === width) return x;
    return tf.slice(x, [0, offset[0], offset[1], 0], [batch, span[0], span[1], channels]);
  }
  const end = [batch, offset[0] + span[0], offset[1] + span[1], channels];
  return strided(x, [0, offset[0], offset[1], 0], end, stride);
}

function strided(x: tf.Tensor4D, from: number[], to: number[], [sv, sh]: readonly [number, number]): tf.Tensor4D {
  return tf.stridedSlice(x, from, to, [1, sv, sh, 1]) as tf.Tensor4D;
}

/** The smallest divisor of `rows` that gives `batch` images at least MIN_GROUPS groups together. */
function rowGroups(rows: number, batch: number): number {
  for (let groups = 1; groups <= rows; groups++) if (rows % groups === 0 && batch * groups >= MIN_GROUPS) return groups;
  return rows;
}
