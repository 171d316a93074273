// A tram: three sections, tapered front, pantograph, and the rails it runs on.
import type { LongBody } from './longBody.ts';
import { scaled, solid } from './paint.ts';
import type { Scene } from './scene.ts';

export function paintTram(scene: Scene, tram: LongBody): void {
  const { body, second, glass, tyre } = tram.colours;
  const { length, height } = tram.place;
  tram.end([-0.9, 0.9], [0.08, 0.5], solid(scaled(tyre, 0.8)), 0.4);
  tram.side([0.02, 0.98], [0.12, 0.42], scaled(tyre, 0.9));
  tram.side([0, 1], [0.36, height], body);
  tram.side([0, 1], [0.95, 1.2], second);
  tram.side([0, 1], [height - 0.36, height - 0.08], scaled(second, 0.86));
  tram.side([0.01, 0.99], [1.4, 2.62], scaled(glass, 0.7));
  tram.windows(Math.max(6, Math.round(length / 1.9)), [0.015, 0.985], [1.46, 2.56]);
  for (const door of [0.12, 0.45, 0.78]) tram.side([door, door + 0.07], [0.5, 2.6], scaled(glass, 0.84), 0.4);
  // Where the sections join.
  for (const joint of [0.33, 0.66]) tram.side([joint, joint + 0.025], [0.36, height], scaled(tyre, 1.1));
  paintFront(tram);
  paintPantograph(scene, tram);
}

function paintFront(tram: LongBody): void {
  const { body, second, glass, tyre } = tram.colours;
  const { height } = tram.place;
  const hull = [
    [-1, 0.36],
    [1, 0.36],
    [1, 1.3],
    [0.9, height],
    [-0.9, height],
    [-1, 1.3],
  ] as const;
  // The corners lean back: what shows behind them is the body in shade, not the street.
  tram.end([-1, 1], [1.3, height], tram.facing(scaled(body, 0.78)));
  tram.endShape(hull, tram.facing(body));
  const roof = [
    [-0.9, height],
    [0.9, height],
    [0.62, height + 0.3],
    [-0.62, height + 0.3],
  ] as const;
  tram.endShape(roof, tram.facing(scaled(body, 0.66), 0));
  tram.endShape(
    [
      [-0.9, 1.35],
      [0.9, 1.35],
      [0.8, 2.66],
      [-0.8, 2.66],
    ],
    tram.pane(),
  );
  tram.endShape(
    [
      [-0.5, 1.35],
      [-0.15, 1.35],
      [0.3, 2.66],
      [0, 2.66],
    ],
    solid(scaled(glass, 1.22)),
  );
  tram.display(0.55, [height - 0.46, height - 0.16]);
  tram.end([-1, 1], [0.95, 1.16], tram.facing(second, 0));
  tram.end([-0.8, 0.8], [0.36, 0.52], solid(scaled(tyre, 1.2)));
  tram.lamps(0.62);
}

function paintPantograph({ painter }: Scene, { place, label, colours }: LongBody): void {
  const { x, height } = place;
  const z = place.z + 1;
  const iron = solid(colours.tyre);
  const knee = [x + 0.25, height + 0.62] as const;
  painter.bar([x - 0.35, height + 0.3], knee, z, [0.045, 0.045], iron, label);
  painter.bar(knee, [x - 0.1, height + 0.95], z, [0.045, 0.045], iron, label);
  painter.zplane(x - 0.75, x + 0.75, height + 0.92, height + 1, z, iron, label);
}

/** Grooves in the road and the shine of the rails in them. */
export function paintRails({ painter }: Scene, x: number): void {
  for (const rail of [-0.72, 0.72]) {
    painter.groundTint(x + rail - 0.11, x + rail + 0.11, 0.9, 100, [40, 40, 44], 0.5);
    painter.groundTint(x + rail - 0.035, x + rail + 0.035, 0.9, 100, [206, 206, 206], 0.55);
  }
}
