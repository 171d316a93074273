// Doubling a map as a card does it, in vectors of channels where they come out even: patches cut short at the border.
import { describeOp } from '../../../testing/opContract.ts';
import { resizeBilinearReference } from './resizeBilinear.reference.ts';
import { resizeBilinear } from './resizeBilinear.ts';

const shapes = [
  [2, 3, 17, 4],
  [1, 4, 5, 3],
] as const;

describeOp<'x' | 'added'>({
  name: 'doubling, with a map added',
  tolerance: 'sum',
  differentiable: ['x', 'added'],
  cases: shapes.map(([batch, height, width, channels]) => ({
    name: `${height}x${width}, ${channels} channels`,
    inputs: { x: [batch, height, width, channels], added: [batch, 2 * height, 2 * width, channels] },
    run: (t) => {
      const options = { alignCorners: false, added: t.added };
      return resizeBilinear(t.x, [2 * height, 2 * width], options);
    },
    reference: (a) => {
      const { shape, data } = resizeBilinearReference(a.x, [2 * height, 2 * width], false);
      return { shape, data: data.map((value, i) => value + a.added.data[i]!) };
    },
  })),
  refuses: {},
});
