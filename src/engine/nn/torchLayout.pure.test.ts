import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromTorchLayout, torchShape, toTorchLayout } from './torchLayout.ts';

describe('torchLayout', () => {
  it('moves filters from [height, width, in, out] to [out, in, height, width]', () => {
    // Each value spells its indices: height, width, in, out.
    const shape = [2, 1, 2, 3];
    const here = Float32Array.of(0, 1, 2, 10, 11, 12, 1000, 1001, 1002, 1010, 1011, 1012);
    expect(torchShape(shape)).toEqual([3, 2, 2, 1]);
    expect([...toTorchLayout(here, shape)]).toEqual([0, 1000, 10, 1010, 1, 1001, 11, 1011, 2, 1002, 12, 1012]);
  });

  it('leaves every other rank alone', () => {
    expect(torchShape([4])).toEqual([4]);
    expect([...toTorchLayout(Float32Array.of(1, 2), [2])]).toEqual([1, 2]);
    expect([...fromTorchLayout([1, 2], [1, 2])]).toEqual([1, 2]);
  });

  it('comes back', () => {
    const side = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(fc.tuple(side, side, side, side), (shape) => {
        const values = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i);
        expect(fromTorchLayout(toTorchLayout(values, shape), shape)).toEqual(values);
      }),
    );
  });
});
