import { expect, test } from 'vitest';
import { stripes } from '../../testing/stripes.ts';
import { allAsValidation } from './allAsValidation.ts';

test('holds every tile of both splits, in the order asked', async () => {
  const source = allAsValidation(stripes({ count: 3 }));
  expect(source.info.splits).toEqual({ train: { tiles: 0, labelled: 0 }, val: { tiles: 6, labelled: 6 } });
  const tiles = await source.read('val', [5, 0, 3, 2]);
  expect(tiles.map(({ name }) => name)).toEqual(['val-2', 'train-0', 'val-0', 'train-2']);
});
