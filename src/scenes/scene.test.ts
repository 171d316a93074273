// Footprints: who may stand where, and who is painted first.
import { expect, test } from 'vitest';
import { CITYSCAPES_CLASSES } from '../domain/classes.ts';
import { RandomStream } from '../domain/rng.ts';
import { LABEL } from './labels.ts';
import { type Footprint, footprintAround, Places, paintingOrder } from './scene.ts';

const object = (footprint: Footprint) => ({ footprint, paint: () => {} });

test('short names stand for the domain’s train ids', () => {
  const spaced = Object.entries(LABEL).map(([name, id]) => [id, name.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`)]);
  expect(spaced).toEqual(CITYSCAPES_CLASSES.map(({ trainId, name }) => [trainId, name]));
});

test('a place is given away once', () => {
  const places = new Places();
  expect(places.claim(footprintAround(0, 10, 1))).toBe(true);
  expect(places.claim(footprintAround(1.5, 10, 1))).toBe(false);
  expect(places.claim(footprintAround(2, 10, 1))).toBe(true);
  expect(places.claim(footprintAround(0, 12, 1))).toBe(true);
});

test('a car beside a long tram is painted after it, though it stands farther away', () => {
  const tram = object({ x0: -5, x1: -2.5, z0: 8, z1: 28 });
  const car = object({ x0: -2, x1: -0.2, z0: 16, z1: 20 });
  const behind = object({ x0: -8, x1: -6, z0: 10, z1: 14 });
  expect(paintingOrder([car, tram, behind])).toEqual([behind, tram, car]);
  expect(paintingOrder([behind, tram, car])).toEqual([behind, tram, car]);
});

test('whatever hides is painted after what it hides, in random streets', () => {
  for (let seed = 0; seed < 40; seed++) {
    const draw = new RandomStream(seed, 'street');
    const places = new Places();
    const footprints: Footprint[] = [];
    for (let i = 0; i < 60; i++) {
      const place = footprintAround(
        draw.uniform(-9, 9),
        draw.uniform(3, 40),
        draw.uniform(0.1, 1.5),
        draw.uniform(0.1, 8),
      );
      if (place.z0 > 1 && places.claim(place)) footprints.push(place);
    }
    const order = paintingOrder(footprints.map(object)).map(({ footprint }) => footprint);
    expect(order).toHaveLength(footprints.length);
    // Along a ray x = s z: where it enters each rectangle. The nearer one must come later.
    for (let s = -2; s <= 2; s += 0.05) {
      const hits = order.flatMap(({ x0, x1, z0, z1 }, rank) => {
        const enter = Math.max(z0, s > 0 ? x0 / s : s < 0 ? x1 / s : x0 < 0 && x1 > 0 ? 0 : Number.POSITIVE_INFINITY);
        const leave = Math.min(z1, s > 0 ? x1 / s : s < 0 ? x0 / s : Number.POSITIVE_INFINITY);
        return enter < leave ? [{ rank, enter }] : [];
      });
      const byDistance = [...hits].sort((a, b) => b.enter - a.enter).map(({ rank }) => rank);
      expect(hits.map(({ rank }) => rank)).toEqual(byDistance);
    }
  }
});
