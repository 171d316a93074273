// Numbers as colours: viridis, for confidences and other maps.
import { packRgba } from './pixels.ts';

/** Confidence as viridis, 0 to 1. */
export function paintConfidence(confidence: Uint16Array, out: Uint32Array): void {
  for (let pixel = 0; pixel < out.length; pixel++) out[pixel] = VIRIDIS[(confidence[pixel] ?? 0) >> 8] ?? 0;
}

/** A map of bytes as viridis, 0 to 255. */
export function paintMap(values: Uint8Array, out: Uint32Array): void {
  for (let pixel = 0; pixel < out.length; pixel++) out[pixel] = VIRIDIS[values[pixel] ?? 0] ?? 0;
}

/** Nine anchors of matplotlib's viridis (CC0), 0 to 1 in equal steps. */
export const VIRIDIS_ANCHORS: readonly (readonly [number, number, number])[] = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
];

const VIRIDIS: Uint32Array = Uint32Array.from({ length: 256 }, (_, index) => {
  const position = (index / 255) * (VIRIDIS_ANCHORS.length - 1);
  const low = VIRIDIS_ANCHORS[Math.floor(position)] ?? [0, 0, 0];
  const high = VIRIDIS_ANCHORS[Math.ceil(position)] ?? low;
  const share = position - Math.floor(position);
  const channel = (at: 0 | 1 | 2): number => Math.round(low[at] + (high[at] - low[at]) * share);
  return packRgba(channel(0), channel(1), channel(2));
});
