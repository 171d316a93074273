// Max pooling on WebGPU: one thread per result, which also remembers where its maximum lies; the gradient gathers from the
// windows over a pixel, so that nothing is added twice in another order.
import { declareUniforms, type ProgramFamily } from '../../gpu/program.ts';
import { runTensor, runTensors } from '../../gpu/runTensors.ts';
import { type Buffers, declareBuffers, perElement, uniformBinding, workgroupsFor } from '../../gpu/wgsl.ts';
import * as tf from '../../tf.ts';

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
type Family = ProgramFamily<Record<string, never>, keyof typeof UNIFORMS>;

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

const program = (buffers: Buffers, body: string): string => `
${declareBuffers(buffers)}
${declareUniforms(UNIFORMS, uniformBinding(buffers))}
${perElement('u.size', body)}`;

const forward: Family = {
  name: 'maxPool',
  uniforms: UNIFORMS,
  wgsl: () =>
    program(
      { reads: { x: 'f32' }, writes: { y: 'f32', winners: 'i32' } },
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
};

const backward: Family = {
  name: 'maxPoolGradient',
  uniforms: UNIFORMS,
  wgsl: () =>
    program(
      { reads: { dy: 'f32', winners: 'i32' }, writes: { dx: 'f32' } },
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
};

/** Largest value of every window, with its gradient: one dispatch either way. */
export function fusedMaxPool(x: tf.Tensor4D, windows: PoolWindows): tf.Tensor4D {
  const [batch, , , channels] = windows.input;
  const shape = [batch, ...windows.output, channels];
  const run = tf.customGrad((input, save) => {
    const [y, winners] = runTensors({
      family: forward,
      spec: {},
      inputs: [input as tf.Tensor],
      outputs: [{ shape }, { shape, dtype: 'int32' }],
      dispatches: dispatchOver(shape, windows),
    }) as [tf.Tensor, tf.Tensor];
    (save as tf.GradSaveFunc)([winners]);
    return { value: y, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => gradient([dy, ...saved], windows) };
  });
  return run(x) as tf.Tensor4D;
}

function gradient(inputs: readonly tf.Tensor[], windows: PoolWindows): tf.Tensor {
  const shape = windows.input;
  return runTensor({
    family: backward,
    spec: {},
    inputs,
    outputs: [{ shape }],
    dispatches: dispatchOver(shape, windows),
  });
}

function dispatchOver(shape: readonly number[], { input, output, kernel, stride, top, left }: PoolWindows) {
  const [, height, width, channels] = input;
  const size = shape.reduce((product, side) => product * side, 1);
  const [outHeight, outWidth] = output;
  const [kernelY, kernelX] = kernel;
  const [strideY, strideX] = stride;
  const windows = { outHeight, outWidth, kernelY, kernelX, strideY, strideX, top, left };
  return [{ workgroups: workgroupsFor(size), uniforms: { size, height, width, channels, ...windows } }];
}
