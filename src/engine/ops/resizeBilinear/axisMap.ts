// A linear map along one image axis as a small matrix: what resizing and adaptive pooling are made of. Two matrix
// products apply it, two with the transposed matrices are its exact adjoint.
import * as tf from '../../tf.ts';

export interface AxisMap {
  readonly inSize: number;
  readonly outSize: number;
  /** Row-major [outSize, inSize]. */
  readonly weights: Float32Array;
}

/** Applies `rows` along the height and `columns` along the width of `x` [batch, height, width, channels]. */
export function mapAxes(x: tf.Tensor4D, rows: AxisMap, columns: AxisMap): tf.Tensor4D {
  return apply(x, rows, columns, false);
}

/** The adjoint of {@link mapAxes}: takes [batch, out height, out width, channels] back. */
export function mapAxesAdjoint(dy: tf.Tensor4D, rows: AxisMap, columns: AxisMap): tf.Tensor4D {
  return apply(dy, rows, columns, true);
}

function apply(x: tf.Tensor4D, rows: AxisMap, columns: AxisMap, adjoint: boolean): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const outHeight = adjoint ? rows.inSize : rows.outSize;
  const outWidth = adjoint ? columns.inSize : columns.outSize;
  const matrix = ({ weights, outSize, inSize }: AxisMap): tf.Tensor3D => tf.tensor3d(weights, [1, outSize, inSize]);
  const tall = tf.matMul(matrix(rows), tf.reshape(x, [batch, height, width * channels]), adjoint, false);
  const wide = tf.matMul(matrix(columns), tf.reshape(tall, [batch * outHeight, width, channels]), adjoint, false);
  return tf.reshape(wide, [batch, outHeight, outWidth, channels]);
}
