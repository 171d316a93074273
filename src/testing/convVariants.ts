// Convolutions with every kernel that a pass may be given, one after the other, against the float64 reference.
import { expect } from 'vitest';
import { traitsOfAdapter } from '../engine/ops/conv2d/choice/candidates.ts';
import { kernelChoices } from '../engine/ops/conv2d/choice/choices.ts';
import { type ConvVariant, variantId } from '../engine/ops/conv2d/choice/variants.ts';
import { conv2dReference } from '../engine/ops/conv2d/conv2d.reference.ts';
import { conv2d } from '../engine/ops/conv2d/conv2d.ts';
import { type ConvShape, keyOf } from '../engine/ops/conv2d/kernels/shape.ts';
import { type ConvGeometry, type PadMode, resolveConv, sides } from '../engine/ops/core/geometry.ts';
import { reflectPadReference } from '../engine/ops/reflectPad/reflectPad.reference.ts';
import type * as tf from '../engine/tf.ts';
import { checkBilinear } from './bilinearContract.ts';
import { randomArray } from './opContract.ts';

/** A 3x3 convolution of two maps of this size with all its passes. */
export async function convAgrees(
  geometry: ConvGeometry & { readonly padMode?: PadMode },
  inputs: number,
  outputs: number,
  [height, width]: readonly [number, number] = [5, 7],
): Promise<void> {
  await checkBilinear(
    (a, w) => conv2d(a as tf.Tensor4D, w as tf.Tensor4D, geometry),
    (a, w) =>
      geometry.padMode === 'reflect'
        ? conv2dReference(reflectPadReference(a, sides(geometry.padding)), w, resolveConv({ ...geometry, padding: 0 }))
        : conv2dReference(a, w, resolveConv(geometry)),
    randomArray('x', [2, height, width, inputs]),
    randomArray('filter', [3, 3, inputs, outputs]),
  );
}

/**
 * In round n every pass of `run` has the n-th variant of `listOf`, until the pass with the most of them has had all. Returns
 * what was tried, by pass and id.
 */
export async function sweepVariants(
  run: () => Promise<void>,
  listOf: (shape: ConvShape) => readonly ConvVariant[],
): Promise<Set<string>> {
  const asked = (): ConvShape[] =>
    kernelChoices()
      .asked()
      .map(({ shape }) => shape);
  await run();
  const shapes = asked();
  const lists = shapes.map(listOf);
  const tried = new Set<string>();
  for (let n = 0; n < Math.max(...lists.map((list) => list.length)); n++) {
    shapes.forEach((shape, i) => {
      const variant = lists[i]![n % lists[i]!.length]!;
      tried.add(`${shape.pass === 'toFilter' ? 'filter' : 'gather'} ${variantId(variant)}`);
      kernelChoices().adopt(shape, variant);
    });
    await run();
  }
  expect(new Set(asked().map(keyOf)).size).toBe(shapes.length);
  return tried;
}

/** What a graphics card with the features of this adapter would be offered. */
export const cardTraits = () => ({ ...traitsOfAdapter(), software: false });
