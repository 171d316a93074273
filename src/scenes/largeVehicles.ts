// Puts a bus, a tram or a lorry into a scene: its colours, its footprint, its shadow. Their looks are their own files'.
import { paintBus } from './bus.ts';
import { LABEL } from './labels.ts';
import { LongBody, type LongPlace } from './longBody.ts';
import { mixed } from './paint.ts';
import type { Scene } from './scene.ts';
import { paintRails, paintTram } from './tram.ts';
import { paintTruck } from './truck.ts';

export type LargeKind = 'bus' | 'train' | 'truck';

export const LARGE_HALF_WIDTH: Readonly<Record<LargeKind, number>> = { bus: 1.25, train: 1.25, truck: 1.2 };

export function addLargeVehicle(scene: Scene, kind: LargeKind, place: LongPlace): void {
  const { streams, palette, painter, light } = scene;
  const draws = streams.colour(kind);
  const body = palette.colour(kind, draws);
  const white = palette.fixed([248, 248, 246], 0.34);
  const half = LARGE_HALF_WIDTH[kind];
  const vehicle = new LongBody(scene, place, half, LABEL[kind], {
    body,
    second: kind === 'truck' ? palette.colour('truck', draws) : mixed(body, white, 0.75),
    glass: palette.colour('glass', draws),
    tyre: palette.colour('tyre', draws),
    tail: palette.colour('tailLight', draws),
    lamp: palette.fixed([255, 252, 232], 0.18),
    pale: palette.fixed([240, 238, 228], 0.24),
  });
  const { x, z, length } = place;
  scene.objects.push({
    footprint: { x0: x - half, x1: x + half, z0: z, z1: z + length },
    castShadow: () => {
      if (kind === 'train') paintRails(scene, x);
      painter.groundShadow(x - light.sunSide * 0.8, z + length / 2, half * 1.7, length * 0.62, 0.6 * light.shadow);
      painter.groundTint(x - half, x + half, z, z + length, [16, 16, 20], 0.75);
    },
    paint: () => {
      if (kind === 'truck') paintTruck(vehicle);
      else if (kind === 'bus') paintBus(vehicle);
      else paintTram(scene, vehicle);
    },
  });
}
