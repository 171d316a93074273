// Walking people, and the upper bodies that riders share with them.

import type { RandomStream } from '../domain/rng.ts';
import { LABEL } from './labels.ts';
import { gradient, type Rgb, scaled } from './paint.ts';
import type { Palette } from './palette.ts';
import { footprintAround, type Scene } from './scene.ts';
import type { Side } from './sceneStreams.ts';

export interface Outfit {
  readonly top: Rgb;
  readonly trousers: Rgb;
  readonly skin: Rgb;
  readonly hair: Rgb;
  readonly accent: Rgb;
}

export function drawOutfit(palette: Palette, draws: RandomStream): Outfit {
  const top = palette.colour('clothes', draws);
  const trousers = palette.colour('trousers', draws);
  const skin = palette.colour('skin', draws);
  const hair = scaled(palette.colour('trunk', draws), draws.uniform(0.35, 0.95));
  return { top, trousers, skin, hair, accent: palette.colour('clothes', draws) };
}

export function addPerson(scene: Scene, kind: string, side: Side, slot: number, x: number, z: number): void {
  const { streams, palette, painter, light } = scene;
  const draw = streams.layout(`${kind} body`, side, slot);
  const height = draw.uniform(1.55, 1.9);
  const stride = draw.uniform(-1, 1);
  const coat = draw.uniform() < 0.3;
  const bag = draw.uniform() < 0.35;
  const outfit = drawOutfit(palette, streams.colour(kind, side, slot));
  scene.objects.push({
    footprint: footprintAround(x, z, 0.3),
    castShadow: () => painter.groundShadow(x - light.sunSide * 0.25, z, 0.62, 0.42, 0.75 * light.shadow),
    paint: () => paintWalker(scene, x, z, height, stride, coat, bag, outfit),
  });
}

function paintWalker(
  { painter, light }: Scene,
  x: number,
  z: number,
  h: number,
  stride: number,
  coat: boolean,
  bag: boolean,
  outfit: Outfit,
): void {
  const label = LABEL.person;
  const { top, trousers, skin, hair, accent } = outfit;
  const shoe: Rgb = [34, 32, 32];
  const spread = 0.1 + 0.12 * Math.abs(stride);
  const sway = 0.04 * stride;
  const shade = light.front;
  for (const s of [-1, 1]) {
    const foot = x + s * spread;
    const cloth = scaled(trousers, shade * (s * light.sunSide > 0 ? 1.05 : 0.82));
    painter.bar([x + s * 0.1, h * 0.5], [foot, 0.06], z, [0.115, 0.085], gradient(cloth, scaled(cloth, 0.88)), label);
    painter.zplane(foot - 0.1, foot + 0.12, 0, 0.1, z, gradient(shoe, shoe), label);
  }
  const hem = coat ? h * 0.32 : h * 0.45;
  const shirt = scaled(top, shade);
  // Arms first: the body covers where they meet.
  for (const s of [-1, 1]) {
    const hand: readonly [number, number] = [x + s * 0.27 + sway * s, h * 0.47];
    painter.bar(
      [x + s * 0.22, h * 0.8],
      hand,
      z,
      [0.075, 0.06],
      gradient(scaled(shirt, 0.96), scaled(shirt, 0.78)),
      label,
    );
    painter.disc(hand[0], hand[1], z, 0.06, gradient(skin, scaled(skin, 0.9)), label);
  }
  const body = [
    x - 0.25,
    h * 0.82,
    x - 0.12,
    h * 0.855,
    x + 0.12,
    h * 0.855,
    x + 0.25,
    h * 0.82,
    x + 0.2,
    hem,
    x - 0.2,
    hem,
  ];
  painter.upright(body, z, gradient(scaled(shirt, 1.1), scaled(shirt, 0.86)), label);
  if (bag) painter.zplane(x - 0.3, x - 0.12, h * 0.42, h * 0.56, z, gradient(accent, scaled(accent, 0.8)), label);
  paintHead({ painter, light } as Pick<Scene, 'painter' | 'light'>, x, h * 0.925, z, h * 0.08, label, skin, hair);
}

/** A face under hair or a helmet. */
export function paintHead(
  { painter, light }: Pick<Scene, 'painter' | 'light'>,
  x: number,
  y: number,
  z: number,
  radius: number,
  label: number,
  skin: Rgb,
  hair: Rgb,
): void {
  const face = scaled(skin, light.front);
  painter.disc(x, y, z, radius * 1.08, gradient(scaled(hair, 1.15), scaled(hair, 0.85)), label, 1.14);
  painter.disc(x, y - radius * 0.3, z, radius * 0.84, gradient(face, scaled(face, 0.85)), label, 1);
}
