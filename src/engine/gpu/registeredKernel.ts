// Kernels of our own in TensorFlow.js's registry, for the WebGPU backend. Through the registry each gradient is computed only
// if somebody needs it: the first layer of a network has no input gradient.
import * as tf from '../tf.ts';

/** Registers what `run` computes of inputs by name (those that a call left out are undefined) and attributes. */
export function registerKernel<Inputs, Attributes>(
  kernelName: string,
  run: (inputs: Inputs, attributes: Attributes) => tf.TensorInfo | tf.TensorInfo[],
): void {
  tf.registerKernel({
    kernelName,
    backendName: 'webgpu',
    kernelFunc: ({ inputs, attrs }) => run(inputs as Inputs, attrs as Attributes),
  });
}

/** Registers its gradient to every input by name, given that to its result and the inputs `saved`. */
export function registerGradient<Dy extends tf.Tensor | tf.Tensor[], Saved extends readonly tf.Tensor[], Attributes>(
  kernelName: string,
  saved: { readonly [Place in keyof Saved]: string },
  gradients: (dy: Dy, saved: Saved, attributes: Attributes) => Record<string, () => tf.Tensor>,
): void {
  tf.registerGradient({
    kernelName,
    inputsToSave: [...saved],
    gradFunc: (dy, inputs, attributes) => gradients(dy as Dy, inputs as unknown as Saved, attributes as Attributes),
  });
}
