// Reflection padding (the edge pixel is not repeated) with the right gradient: TensorFlow.js's mirrorPad drops what the
// reflected copies contribute, here the borders are folded back.
import { invariant } from '../../../domain/errors.ts';
import * as tf from '../../tf.ts';
import { assertShape } from '../core/assertShape.ts';
import { type Padding, sides } from '../core/geometry.ts';
import { withGradient } from '../core/withGradient.ts';

/** Pads `x` [batch, height, width, channels]. Each padding must be smaller than the side it extends. */
export function reflectPad(x: tf.Tensor4D, padding: Padding): tf.Tensor4D {
  assertShape(x, ['batch', 'height', 'width', 'channels'], 'reflectPad x');
  const { top, bottom, left, right } = sides(padding);
  const [, height, width] = x.shape;
  invariant(
    Math.max(top, bottom) < height && Math.max(left, right) < width,
    () => `reflectPad: padding [${top}, ${bottom}, ${left}, ${right}] does not fit a ${height}x${width} map.`,
  );
  if (top + bottom + left + right === 0) return x;
  const pads: [number, number][] = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  return withGradient(
    [x],
    () => ({ value: tf.mirrorPad(x, pads, 'reflect') }),
    (dy) => fold(fold(dy, 1, top, bottom), 2, left, right),
  );
}

/** The adjoint along one axis: cuts `before` and `after` off and adds them, mirrored, where they were copied from. */
function fold(dy: tf.Tensor4D, axis: 1 | 2, before: number, after: number): tf.Tensor4D {
  const size = dy.shape[axis] - before - after;
  const part = (start: number, length: number): tf.Tensor4D => {
    const begin = [0, 0, 0, 0];
    begin[axis] = start;
    const extent: number[] = [...dy.shape];
    extent[axis] = length;
    return tf.slice(dy, begin as [number, number, number, number], extent as [number, number, number, number]);
  };
  const place = (mirrored: tf.Tensor4D, start: number): tf.Tensor4D => {
    const pads: [number, number][] = [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ];
    pads[axis] = [start, size - start - mirrored.shape[axis]];
    return tf.pad(tf.reverse(mirrored, axis), pads);
  };
  let dx = before + after === 0 ? dy : part(before, size);
  if (before > 0) dx = tf.add(dx, place(part(0, before), 1));
  if (after > 0) dx = tf.add(dx, place(part(before + size, after), size - 1 - after));
  return dx;
}
