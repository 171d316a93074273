// The kernels that a pass of a convolution may run with, and their names in storage.

/** The two passes that gather: a tile of neighbouring pixels times channels per thread, all loads by the thread itself. */
export interface RegisterGather {
  readonly kind: 'register';
  readonly pixels: number;
  readonly outputs: number;
  /** Channels summed in one round. */
  readonly depth: 1 | 4;
}
/** The same with weights that a subgroup loads together. */
export interface BroadcastGather {
  readonly kind: 'broadcast';
  readonly pixels: number;
  readonly outputs: number;
}
/** The gradient to the filter: a tile of input times output channels of one tap per thread. */
export interface RegisterFilter {
  readonly kind: 'register filter';
  readonly inputs: number;
  readonly outputs: number;
}
/** The same with dy that a subgroup loads together; four rows of the filter per thread. */
export interface BroadcastFilter {
  readonly kind: 'broadcast filter';
  readonly outputs: number;
  /** The pixels are summed in more slices by this factor: more threads, more to add up after them. */
  readonly splits: number;
}
/** Either as a product of tiles in workgroup memory: pixels times channels. GPUs only; an adapter that computes on the CPU has none. */
export interface TiledGather {
  readonly kind: 'tiled';
  readonly rows: number;
  readonly outputs: number;
  /** Of what lies in workgroup memory; sums are f32. f16 is for adapters with `shader-f16`, and only where it is asked for. */
  readonly precision: Precision;
}
/** The gradient to the filter in the same way: rows of the filter times channels. */
export interface TiledFilter {
  readonly kind: 'tiled filter';
  readonly rows: number;
  readonly outputs: number;
  readonly precision: Precision;
}
/** `f16` rounds inputs to 11 bits and overflows above 65504: other numbers, so a choice of the user and not of the tuner. */
export type Precision = 'f32' | 'f16';
export type GatherVariant = RegisterGather | BroadcastGather | TiledGather;
export type FilterVariant = RegisterFilter | BroadcastFilter | TiledFilter;
export type ConvVariant = GatherVariant | FilterVariant;

/**
 * Stored choices of another version are void. To be raised by whoever changes a kernel or the meaning of a variant.
 */
export const KERNEL_VERSION = 3;

/** Stable name of a variant, for storage: [kind, numbers]. */
export function variantId(variant: ConvVariant): string {
  switch (variant.kind) {
    case 'register':
      return `register ${variant.pixels}x${variant.outputs}x${variant.depth}`;
    case 'broadcast':
      return `broadcast ${variant.pixels}x${variant.outputs}`;
    case 'register filter':
      return `register ${variant.inputs}x${variant.outputs}`;
    case 'broadcast filter':
      return `broadcast ${variant.outputs}/${variant.splits}`;
    case 'tiled':
    case 'tiled filter':
      return `tiled ${variant.rows}x${variant.outputs}${variant.precision === 'f16' ? ' f16' : ''}`;
  }
}

export function isFilterVariant(variant: ConvVariant): variant is FilterVariant {
  return variant.kind === 'register filter' || variant.kind === 'broadcast filter' || variant.kind === 'tiled filter';
}
