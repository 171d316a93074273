// Max pooling on WebGPU: one thread per result, which also remembers where its maximum lies; the gradient gathers from the
// windows over a pixel, so that nothing is added twice in another order.
import { defineKernel } from '../../gpu/kernel.ts';
import { perElement } from '../../gpu/wgsl.ts';
import type * as tf from '../../tf.ts';
import { withGradient } from '../core/withGradient.ts';

const UNIFORMS = {
  size: 'i32',
  height: 'i32',
  width: 'i32',
  channels: 'i32',
  outHeight: 'i32',
  outWidth: 'i32',
  kernelY: 'i32',
  kernelX: 'i32',
  strideY: 'i32',
  strideX: 'i32',
  top: 'i32',
  left: 'i32',
} as const;

/** Windows as they slide over a map [batch, height, width, channels]. */
export interface PoolWindows {
  readonly input: readonly [batch: number, height: number, width: number, channels: number];
  /** [height, width] of the result. Every window meets the map. */
  readonly output: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly top: number;
  readonly left: number;
}

const forward = defineKernel({
  name: 'maxPool',
  uniforms: UNIFORMS,
  inputs: { x: 'f32' },
  outputs: { y: 'f32', winners: 'i32' },
  wgsl: () =>
    perElement(
      'u.size',
      `let c = index % u.channels;
  let column = (index / u.channels) % u.outWidth;
  let row = (index / (u.channels * u.outWidth)) % u.outHeight;
  let image = index / (u.channels * u.outWidth * u.outHeight);
  let y0 = row * u.strideY - u.top;
  let x0 = column * u.strideX - u.left;
  let fromY = max(y0, 0);
  let fromX = max(x0, 0);
  let base = image * u.height * u.width;
  var winner = fromY * u.width + fromX;
  var largest = x[(base + winner) * u.channels + c];
  for (var iy = fromY; iy < min(y0 + u.kernelY, u.height); iy++) {
    for (var ix = fromX; ix < min(x0 + u.kernelX, u.width); ix++) {
      let value = x[(base + iy * u.width + ix) * u.channels + c];
      // Of equal values the first wins, as in PyTorch.
      if (value > largest) {
        largest = value;
        winner = iy * u.width + ix;
      }
    }
  }
  y[index] = largest;
  winners[index] = winner;`,
    ),
});

const backward = defineKernel({
  name: 'maxPoolGradient',
  uniforms: UNIFORMS,
  inputs: { dy: 'f32', winners: 'i32' },
  outputs: { dx: 'f32' },
  wgsl: () =>
    perElement(
      'u.size',
      `let c = index % u.channels;
  let pixel = (index / u.channels) % (u.width * u.height);
  let image = index / (u.channels * u.width * u.height);
  let iy = pixel / u.width;
  let ix = pixel % u.width;
  let lastY = min((iy + u.top) / u.strideY, u.outHeight - 1);
  let lastX = min((ix + u.left) / u.strideX, u.outWidth - 1);
  var sum = 0.0;
  for (var row = max(0, (iy + u.top - u.kernelY + u.strideY) / u.strideY); row <= lastY; row++) {
    for (var column = max(0, (ix + u.left - u.kernelX + u.strideX) / u.strideX); column <= lastX; column++) {
      let at = ((image * u.outHeight + row) * u.outWidth + column) * u.channels + c;
      if (winners[at] == pixel) { sum += dy[at]; }
    }
  }
  dx[index] = sum;`,
    ),
});

/** Largest value of every window, with its gradient: one dispatch either way. */
export function fusedMaxPool(x: tf.Tensor4D, windows: PoolWindows): tf.Tensor4D {
  const [batch, , , channels] = windows.input;
  const shape = [batch, ...windows.output, channels] as const;
  return withGradient(
    [x],
    () => {
      const outputs = { y: shape, winners: shape };
      const { y, winners } = forward.run({ inputs: { x }, outputs, ...launchOver(shape, windows) });
      return { value: y, kept: { winners } };
    },
    (dy, { winners }) => {
      const outputs = { dx: windows.input };
      return backward.run({ inputs: { dy, winners }, outputs, ...launchOver(windows.input, windows) }).dx;
    },
  );
}

function launchOver(shape: readonly number[], { input, output, kernel, stride, top, left }: PoolWindows) {
  const [, height, width, channels] = input;
  const size = shape.reduce((product, side) => product * side, 1);
  const [outHeight, outWidth] = output;
  const [kernelY, kernelX] = kernel;
  const [strideY, strideX] = stride;
  const windows = { outHeight, outWidth, kernelY, kernelX, strideY, strideX, top, left };
  return { threads: size, uniforms: { size, height, width, channels, ...windows } };
}
