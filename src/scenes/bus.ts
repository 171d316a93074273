// A city bus: window band, doors, destination display; engine grille behind.
import type { LongBody } from './longBody.ts';
import { scaled, solid } from './paint.ts';

export function paintBus(bus: LongBody): void {
  const { body, second, glass, tyre } = bus.colours;
  const { length, height, towards } = bus.place;
  bus.underside(0.42);
  bus.side([0, 1], [0.34, height], body);
  bus.side([0, 1], [height - 0.28, height - 0.05], second);
  bus.side([0, 1], [0.34, 0.5], scaled(body, 0.6));
  bus.side([0, 1], [0.98, 1.06], second);
  bus.side([0.015, 0.985], [1.32, 2.46], scaled(glass, 0.72));
  bus.windows(Math.max(4, Math.round(length / 1.6)), [0.02, 0.98], [1.38, 2.4]);
  for (const door of [0.16, 0.6]) {
    bus.side([door, door + 0.1], [0.42, 2.4], scaled(glass, 0.8), 0.4);
    bus.side([door + 0.048, door + 0.052], [0.42, 2.4], scaled(tyre, 1.4));
  }
  bus.wheels([0.27, 0.8], 0.46);
  bus.end([-1, 1], [0.34, height], bus.facing(body));
  bus.end([-1, 1], [0.34, 0.58], bus.facing(scaled(body, 0.55)));
  if (towards) {
    bus.end([-0.93, 0.93], [1.05, 2.4], bus.pane());
    const gleam = solid(scaled(glass, 1.2));
    bus.endShape(
      [
        [-0.5, 1.05],
        [-0.2, 1.05],
        [0.25, 2.4],
        [-0.05, 2.4],
      ],
      gleam,
    );
    bus.display(0.72, [height - 0.5, height - 0.14]);
  } else {
    bus.end([-0.82, 0.82], [1.5, 2.45], bus.pane());
    bus.end([-0.3, 0.3], [height - 0.42, height - 0.16], solid(scaled(tyre, 0.9)));
    for (let i = 0; i < 3; i++) bus.end([-0.6, 0.6], [0.82 + i * 0.15, 0.88 + i * 0.15], solid(scaled(body, 0.62)));
  }
  bus.lamps(0.66);
  bus.numberPlate(0.42);
}
