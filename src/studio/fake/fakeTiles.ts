// Streets of a few rectangles, for tests of the page: classes where one expects them, two styles.
import type { SceneRole, SceneSettings, Tile } from '../../domain/dataset.ts';
import { RandomStream } from '../../domain/rng.ts';

type Rgb = readonly [number, number, number];
const COLOURS: Readonly<Record<number, Rgb>> = {
  0: [90, 92, 100],
  1: [190, 180, 170],
  2: [196, 140, 100],
  5: [120, 120, 120],
  8: [60, 160, 60],
  10: [110, 180, 245],
  11: [230, 90, 90],
  13: [40, 90, 200],
};

export function fakeTile(role: SceneRole, { size, styleGap, layoutGap }: SceneSettings, index: number): Tile {
  const { width, height } = size;
  const random = new RandomStream(7, 'fake-scene', index);
  const labels = new Uint8Array(width * height);
  const fill = (trainId: number, left: number, top: number, right: number, bottom: number): void => {
    for (let y = Math.round(top * height); y < Math.round(bottom * height); y++) {
      labels.fill(trainId, y * width + Math.round(left * width), y * width + Math.round(right * width));
    }
  };
  const horizon = 0.45 + (role === 'camera' ? 0.1 * layoutGap : 0);
  fill(10, 0, 0, 1, horizon);
  fill(2, 0, 0.1, 0.3, horizon + 0.1);
  fill(2, 0.72, 0.15, 1, horizon + 0.1);
  fill(8, 0.3, horizon - 0.15, 0.42, horizon + 0.05);
  fill(0, 0, horizon + 0.1, 1, 1);
  fill(1, 0, horizon + 0.1, 0.18, 1);
  for (let car = 0; car < 3; car++) {
    const left = random.uniform(0.2, 0.8);
    fill(13, left, horizon + 0.1, Math.min(1, left + 0.12), horizon + 0.28);
  }
  const pole = random.uniform(0.1, 0.9);
  fill(5, pole, 0.2, pole + 0.02, horizon + 0.2);
  fill(11, pole + 0.04, horizon, pole + 0.07, horizon + 0.25);
  return { name: `${role}-${index}`, image: paint(labels, role === 'camera' ? styleGap : 0, random), labels };
}

function paint(labels: Uint8Array, gap: number, random: RandomStream): Uint8Array {
  const image = new Uint8Array(labels.length * 3);
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const colour = COLOURS[labels[pixel] ?? 0] ?? [0, 0, 0];
    const grey = (colour[0] + colour[1] + colour[2]) / 3;
    const noise = gap * random.uniform(-24, 24);
    for (let channel = 0; channel < 3; channel++) {
      const value = (colour[channel] ?? 0) * (1 - 0.7 * gap) + grey * 0.5 * gap + noise;
      image[pixel * 3 + channel] = Math.max(0, Math.min(255, value));
    }
  }
  return image;
}
