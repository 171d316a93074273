import { expect, test } from 'vitest';
import { stripes } from '../../testing/stripes.ts';
import { guardedTiles } from '../recipes/labelGuard.ts';
import { unlabelledBatches } from './validation.ts';

test('batches without labels go round the images, each as often as any other, and read no label', async () => {
  const guarded = guardedTiles(stripes({ count: 11 }), 'adapt', 'none');
  const seen: number[] = [];
  for await (const { count, labels } of unlabelledBatches(guarded, 'train', 11, 5)) {
    expect(labels).toBeNull();
    seen.push(count);
  }
  expect(seen).toEqual([8, 3, 8, 3, 8]);
  for await (const _ of unlabelledBatches(guarded, 'train', 0, 5)) expect.unreachable();
});
