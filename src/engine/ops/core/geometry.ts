// Strides, kernels and paddings as the operations take them, and the output sizes that follow (PyTorch's formulas).
import { invariant } from '../../../domain/errors.ts';

/** One number for both axes, or [vertical, horizontal]. */
export type PerAxis = number | readonly [vertical: number, horizontal: number];
export interface Sides {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}
/** Pixels to add on every side; one number for all four. */
export type Padding = number | Sides;
export type PadMode = 'zero' | 'reflect';
export type MapSize = readonly [height: number, width: number];

/** What the convolution family takes. */
export interface ConvGeometry {
  readonly stride?: PerAxis;
  readonly dilation?: PerAxis;
  readonly padding?: Padding;
}
/** The same, complete. */
export interface ResolvedConv {
  readonly stride: [number, number];
  readonly dilation: [number, number];
  readonly padding: Sides;
}

export function perAxis(value: PerAxis | undefined, otherwise: PerAxis): [number, number] {
  const chosen = value ?? otherwise;
  const [vertical, horizontal] = typeof chosen === 'number' ? [chosen, chosen] : chosen;
  invariant(
    Number.isInteger(vertical) && Number.isInteger(horizontal) && vertical > 0 && horizontal > 0,
    () => `Kernel, stride and dilation are whole numbers above 0; got [${vertical}, ${horizontal}].`,
  );
  return [vertical, horizontal];
}

export function sides(padding: Padding = 0): Sides {
  const { top, bottom, left, right } =
    typeof padding === 'number' ? { top: padding, bottom: padding, left: padding, right: padding } : padding;
  invariant(
    [top, bottom, left, right].every((pixels) => Number.isInteger(pixels) && pixels >= 0),
    () => `Padding is whole numbers from 0; got [${top}, ${bottom}, ${left}, ${right}].`,
  );
  return { top, bottom, left, right };
}

export function resolveConv(geometry: ConvGeometry): ResolvedConv {
  return {
    stride: perAxis(geometry.stride, 1),
    dilation: perAxis(geometry.dilation, 1),
    padding: sides(geometry.padding),
  };
}

/** Output size of a window that slides over `size` pixels: floor((size + padding - span) / stride) + 1. */
export function windowsAlong(size: number, kernel: number, stride: number, dilation: number, padding: number): number {
  return Math.floor((size + padding - dilation * (kernel - 1) - 1) / stride) + 1;
}

/** Output size [height, width] of a convolution. Throws `internal.invariant` if the kernel does not fit. */
export function convOutputSize([height, width]: MapSize, [kh, kw]: MapSize, conv: ResolvedConv): [number, number] {
  const { stride, dilation, padding } = conv;
  const out: [number, number] = [
    windowsAlong(height, kh, stride[0], dilation[0], padding.top + padding.bottom),
    windowsAlong(width, kw, stride[1], dilation[1], padding.left + padding.right),
  ];
  invariant(
    out[0] > 0 && out[1] > 0,
    () =>
      `A ${kh}x${kw} kernel with dilation [${dilation}] does not fit a ${height}x${width} map with padding ${JSON.stringify(padding)}.`,
  );
  return out;
}
