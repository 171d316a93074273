// Every convolution in its three directions: ours, TensorFlow.js's, and jax-js's.
import { conv2d } from '../../src/engine/ops/conv2d/conv2d.ts';
import { filterGradientPass, inputGradientPass } from '../../src/engine/ops/conv2d/kernels/run.ts';
import type { BorderedConv, Shape4D } from '../../src/engine/ops/conv2d/kernels/shape.ts';
import * as tf from '../../src/engine/tf.ts';
import type { StockWay, Work } from '../../src/testing/opBench.ts';
import { uniformTensor } from '../../src/testing/randomTensor.ts';
import type { BenchDefinition } from './benchCase.ts';
import { bytesOf, type ConvLayer, flopsOf, outputSize, paddingOf } from './convLayers.ts';
import { type ConvDirection, jaxConv } from './jaxConv.ts';
import {
  type StockConv,
  spaceToBatchFilterGradient,
  stockFilterGradient,
  stockForward,
  stockInputGradient,
  tapByTapFilterGradient,
} from './stockConv.ts';

export const CONV_DIRECTIONS: readonly ConvDirection[] = ['forward', 'to input', 'to filter'];

export function convCases(suite: string, layers: readonly ConvLayer[]): BenchDefinition[] {
  return layers.flatMap((layer) =>
    CONV_DIRECTIONS.map((direction) => ({
      suite,
      name: layer.name,
      pass: direction,
      count: layer.count,
      open: () => openConv(layer, direction),
    })),
  );
}

function openConv(layer: ConvLayer, direction: ConvDirection) {
  const { batch, size, from, to, kernel, stride, dilation } = layer;
  const out = outputSize(layer);
  const x = uniformTensor([batch, size.height, size.width, from], 'x') as tf.Tensor4D;
  const filter = uniformTensor([kernel, kernel, from, to], 'filter') as tf.Tensor4D;
  const dy = uniformTensor([batch, out.height, out.width, to], 'dy') as tf.Tensor4D;
  const conv: StockConv = { stride, dilation, padding: paddingOf(layer) };
  const operands = { x, filter, dy };
  return {
    shape: `${batch}x${size.height}x${size.width} ${from}>${to} k${kernel} s${stride} d${dilation}`,
    flops: flopsOf(layer),
    bytes: bytesOf(layer),
    ours: oursOf(direction, operands, conv),
    stock: stockOf(direction, operands, conv),
    jax: () => jaxConv(direction, operands, conv),
    tolerance: 1e-4,
    dispose: () => tf.dispose([x, filter, dy]),
  };
}

export interface ConvOperands {
  readonly x: tf.Tensor4D;
  readonly filter: tf.Tensor4D;
  readonly dy: tf.Tensor4D;
}

function oursOf(direction: ConvDirection, { x, filter, dy }: ConvOperands, conv: StockConv): Work {
  const { stride, dilation, padding } = conv;
  const sides = { top: padding, bottom: padding, left: padding, right: padding };
  const bordered: BorderedConv = {
    stride: [stride, stride],
    dilation: [dilation, dilation],
    padding: sides,
    reflect: false,
  };
  // Gradients pass by pass, without the forward pass that a tape would add.
  const tensor = (info: tf.TensorInfo): tf.Tensor => tf.engine().makeTensorFromTensorInfo(info);
  switch (direction) {
    case 'forward':
      return () => [conv2d(x, filter, { stride, dilation, padding })];
    case 'to input':
      return () => [tensor(inputGradientPass(dy, filter, null, x.shape as Shape4D, bordered))];
    case 'to filter':
      return () => [tensor(filterGradientPass(x, dy, filter.shape as Shape4D, bordered))];
  }
}

function stockOf(direction: ConvDirection, { x, filter, dy }: ConvOperands, conv: StockConv): StockWay[] {
  switch (direction) {
    case 'forward':
      return [{ way: 'conv2d', work: () => [stockForward(x, filter, conv)] }];
    case 'to input':
      return [
        {
          way: conv.dilation === 1 ? 'its gradient' : 'turned filter',
          work: () => [stockInputGradient(dy, filter, x.shape, conv)],
        },
      ];
    case 'to filter':
      if (conv.dilation === 1) {
        return [{ way: 'its gradient', work: () => [stockFilterGradient(x, dy, filter.shape, conv)] }];
      }
      return [
        { way: 'tap by tap', work: () => [tapByTapFilterGradient(x, dy, filter.shape, conv)] },
        { way: 'space to batch', work: () => [spaceToBatchFilterGradient(x, dy, filter.shape, conv)] },
      ];
  }
}
