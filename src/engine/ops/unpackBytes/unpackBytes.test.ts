import { describe, expect, it } from 'vitest';
import { expectClose, expectInvariant } from '../../../testing/opContract.ts';
import { itCosts } from '../../../testing/opDispatches.ts';
import { valuesOf } from '../../../testing/opValues.ts';
import { readValues } from '../../backend/readback.ts';
import { uploadBytes } from '../../gpu/upload.ts';
import * as tf from '../../tf.ts';
import { info } from './info.ts';
import { normaliseImages } from './normaliseImages.ts';
import { unpackImages, unpackLabels } from './unpackBytes.ts';

describe('images', () => {
  it('maps bytes to [-1, 1]', async () => {
    const values = await valuesOf(() => normaliseImages(tf.tensor4d([0, 51, 255], [1, 1, 1, 3], 'int32')));
    expectClose(values, [-1, -0.6, 1], 'elementwise');
  });
  it.each([1, 2, 3])('unpacks every byte as it is normalised, width %d', async (width) => {
    const bytes = Uint8Array.from({ length: 3 * 86 * width }, (_, i) => (i * (width === 1 ? 1 : 7)) % 256);
    const shape: [number, number, number] = [1, 86, width];
    const expected = await valuesOf(() => normaliseImages(tf.tensor4d([...bytes], [...shape, 3], 'int32')));
    expect(await valuesOf(() => unpackImages(uploadBytes(bytes), shape))).toEqual(expected);
  });
  it.each([5, 8])('unpacks %d labels as they are', async (width) => {
    const bytes = Uint8Array.from([0, 255, 128, 18, 127, 1, 254, 3].slice(0, width));
    const labels = tf.tidy(() => unpackLabels(uploadBytes(bytes), [1, 1, width]));
    expect([labels.dtype, labels.shape]).toEqual(['int32', [1, 1, width]]);
    expect([...(await readValues(labels))]).toEqual([...bytes]);
    labels.dispose();
  });
  it('refuses byte counts that do not fit', () =>
    expectInvariant(() => unpackLabels(tf.zeros([9], 'int32'), [1, 2, 3])));
});

itCosts(info, [{ int32: [45] }], ([bytes]) => unpackImages(bytes, [2, 5, 6]));
