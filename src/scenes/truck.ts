// A lorry: a box of a load on a chassis, and a lower cab before it.
import type { LongBody } from './longBody.ts';
import { mixed, scaled, solid } from './paint.ts';

const CAB_LENGTH = 2.1;

export function paintTruck(truck: LongBody): void {
  const { body, second, glass, tyre } = truck.colours;
  const { length, height, towards } = truck.place;
  const cab = CAB_LENGTH / length;
  const [loadFrom, loadTo] = towards ? [cab, 1] : [0, 1 - cab];
  const cabFrom = towards ? 0 : 1 - cab;
  const cabHeight = Math.min(height - 0.25, 2.75);
  const load = loadTo - loadFrom;
  truck.underside(0.85);
  truck.side([0.03, 0.97], [0.5, 0.9], scaled(tyre, 1.25));
  if (towards) truck.end([-1, 1], [0.95, height], truck.facing(scaled(body, 0.92)), CAB_LENGTH);
  truck.side([loadFrom, loadTo], [0.9, height], body);
  const ribs = Math.max(3, Math.round(length / 1.1));
  for (let i = 1; i < ribs; i++) {
    const at = loadFrom + (load * i) / ribs;
    truck.side([at, at + 0.012], [0.95, height - 0.05], scaled(body, 0.86));
  }
  truck.side([loadFrom + 0.15 * load, loadFrom + 0.85 * load], [1.7, 2.3], mixed(body, second, 0.7));
  truck.side([cabFrom, cabFrom + cab], [0.5, cabHeight], second);
  truck.side([cabFrom + cab * 0.25, cabFrom + cab * 0.75], [1.6, 2.3], glass, 0.3);
  truck.wheels(towards ? [0.15, 0.72, 0.87] : [0.13, 0.28, 0.86], 0.48);
  if (towards) paintCab(truck, cabHeight);
  else paintDoors(truck);
  truck.lamps(0.62);
}

function paintCab(truck: LongBody, height: number): void {
  const { second, tyre } = truck.colours;
  truck.end([-1, 1], [0.5, height], truck.facing(second));
  truck.end([-0.9, 0.9], [1.5, 2.35], truck.pane());
  truck.end([-0.62, 0.62], [0.82, 1.32], solid(scaled(tyre, 1.5)));
  truck.end([-1, 1], [0.42, 0.62], solid(scaled(second, 0.6)));
  // Mirrors.
  for (const s of [-1.08, 1.08]) truck.end([s - 0.075, s + 0.075], [1.6, 2.15], solid(tyre));
}

/** Two leaves with their bars, and the guard below. */
function paintDoors(truck: LongBody): void {
  const { body, pale } = truck.colours;
  const { height } = truck.place;
  truck.end([-1, 1], [0.9, height], truck.facing(body));
  truck.end([-0.02, 0.02], [0.95, height - 0.08], solid(scaled(body, 0.55)));
  for (const s of [-0.3, 0.3]) truck.end([s - 0.025, s + 0.025], [1, height - 0.12], solid(scaled(body, 0.76)));
  truck.end([-1, 1], [height - 0.1, height], solid(scaled(body, 0.72)));
  truck.end([-0.95, 0.95], [0.42, 0.56], solid(scaled(pale, 0.72)));
  truck.numberPlate(0.58);
}
