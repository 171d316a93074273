// The three directions of a convolution in jax-js, each compiled as a function of its own.
import type * as tf from '../../src/engine/tf.ts';
import type { JaxWork } from './benchCase.ts';
import { type JaxArray, jaxWork, openJax, toJax } from './jaxArrays.ts';

export type ConvDirection = 'forward' | 'to input' | 'to filter';

export async function jaxConv(
  direction: ConvDirection,
  operands: { readonly x: tf.Tensor4D; readonly filter: tf.Tensor4D; readonly dy: tf.Tensor4D },
  { stride, dilation, padding }: { readonly stride: number; readonly dilation: number; readonly padding: number },
): Promise<JaxWork> {
  const { lax, numpy, grad, jit } = await openJax();
  const x = await toJax(operands.x);
  const filter = await toJax(operands.filter, 'filter');
  const dy = await toJax(operands.dy);
  const inputs = [x, filter, dy];
  const pads: [number, number][] = [
    [padding, padding],
    [padding, padding],
  ];
  const convolve = (map: JaxArray, weights: JaxArray): JaxArray =>
    lax.convGeneralDilated(map, weights, [stride, stride], pads, { rhsDilation: [dilation, dilation] });
  // The derivative of a sum of products with dy: what a gradient pass computes, without a forward pass.
  const against = (map: JaxArray, weights: JaxArray, upstream: JaxArray): JaxArray =>
    numpy.sum(convolve(map, weights).mul(upstream));
  switch (direction) {
    case 'forward': {
      const run = jit(convolve);
      return jaxWork(() => [run(x.ref, filter.ref)], ['map'], inputs);
    }
    case 'to input': {
      const run = jit(grad(against));
      return jaxWork(() => [run(x.ref, filter.ref, dy.ref)], ['map'], inputs);
    }
    case 'to filter': {
      const run = jit(grad(against, { argnums: 1 }));
      return jaxWork(() => [run(x.ref, filter.ref, dy.ref)], ['filter'], inputs);
    }
  }
}
