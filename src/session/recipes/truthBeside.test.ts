// The twin shows the truth of exactly the images that the stage was given, mirrored alike, however rarely somebody looks.
import { expect, test } from 'vitest';
import { targetStream } from '../../data/feed/batcher.ts';
import { stripes } from '../../testing/stripes.ts';
import { TruthBeside } from './truthBeside.ts';

test('the truth belongs to the newest batch, and looking changes nothing', async () => {
  const target = stripes({ count: 7, gap: 40, seed: 2 });
  const options = { seed: 5, batch: 2, flip: true };
  const stream = targetStream(target, options);
  const truth = new TruthBeside(target, 'target', options);
  expect(await truth.view()).toBeNull();

  // Every image of the set, as it is and mirrored, with its labels: what a batch's image must have for truth.
  const tiles = await target.read('train', [0, 1, 2, 3, 4, 5, 6]);
  const { width } = target.info.size;
  const labelsOf = (image: Uint8Array): Uint8Array => {
    const same = tiles.find((tile) => [tile.image, mirrored(tile.image, width, 3)].some((one) => equal(one, image)));
    const labels = same?.labels ?? new Uint8Array(0);
    return same !== undefined && equal(same.image, image) ? labels : mirrored(labels, width, 1);
  };
  for (let step = 0; step < 9; step++) {
    truth.follow(stream.state());
    const batch = await stream.next();
    if (step % 3 === 1) continue;
    const view = await truth.view();
    const bytes = batch.images.length / batch.count;
    const expected = [0, 1].flatMap((i) => [...labelsOf(batch.images.slice(i * bytes, (i + 1) * bytes))]);
    expect([...(view?.values ?? [])]).toEqual(expected);
    expect(view).toMatchObject({ name: 'target_truth', count: 2 });
  }
});

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((value, i) => value === b[i]);

function mirrored(values: Uint8Array, width: number, channels: number): Uint8Array {
  return values.map((_, i) => {
    const pixel = Math.floor(i / channels);
    const x = pixel % width;
    return values[(pixel - x + (width - 1 - x)) * channels + (i % channels)] ?? 0;
  });
}
