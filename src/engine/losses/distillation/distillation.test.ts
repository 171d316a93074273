// Losses between two predictions, against the formulas.

import { map, meanOf, scalar } from '../../../testing/ndArray.ts';
import { describeOp } from '../../../testing/opContract.ts';
import { logSoftmaxReference } from '../../ops/core/softmax.reference.ts';
import * as tf from '../../tf.ts';
import { klReference } from './distillation.reference.ts';
import { consistencyMse, klVariance, sharpen, softLabelKl } from './distillation.ts';

const SHAPE = [1, 2, 3, 4] as const;
const shared = { tolerance: 'loss', refuses: {} } as const;

const pixelLabels = [0, 3, 255, 1, 2, 1];

describeOp<'a' | 'b'>({
  name: 'losses between two predictions',
  ...shared,
  differentiable: ['a', 'b'],
  range: [-3, 3],
  cases: [
    ...(['sum', 'mean'] as const).map((classReduction) => ({
      name: `variance by KL, class ${classReduction}`,
      inputs: { a: SHAPE, b: SHAPE },
      run: (t: Record<'a' | 'b', never>) =>
        klVariance({ main: t.a, aux: t.b, labels: tf.tensor3d(pixelLabels, [1, 2, 3], 'int32') }, { classReduction })
          .loss,
      reference: ({ a, b }: Record<'a' | 'b', Parameters<typeof logSoftmaxReference>[0]>) => {
        const logMain = logSoftmaxReference(a);
        const variance = klReference(logSoftmaxReference(b), logMain).map((v) =>
          classReduction === 'sum' ? v : v / 4,
        );
        const rectified = variance.map((v, pixel) => {
          const label = pixelLabels[pixel]!;
          return label > 3 ? 0 : -Math.exp(-v) * logMain.data[pixel * 4 + label]!;
        });
        return scalar(meanOf(rectified) + meanOf(variance));
      },
    })),
  ],
});

describeOp<'student' | 'teacher'>({
  name: 'losses against a teacher',
  ...shared,
  differentiable: ['student'],
  range: [-3, 3],
  cases: [
    {
      name: 'soft labels at temperature 0.5',
      inputs: { student: SHAPE, teacher: SHAPE },
      run: (t) => softLabelKl(t.student, t.teacher, { temperature: 0.5 }),
      reference: ({ student, teacher }) =>
        scalar(meanOf(klReference(logSoftmaxReference(teacher, 0.5), logSoftmaxReference(student)))),
    },
    {
      name: 'consistency',
      inputs: { student: SHAPE, teacher: SHAPE },
      run: (t) => consistencyMse(t.student, t.teacher),
      reference: ({ student, teacher }) => {
        const [p, q] = [logSoftmaxReference(student), logSoftmaxReference(teacher)];
        return scalar(meanOf(p.data.map((x, k) => (Math.exp(x) - Math.exp(q.data[k]!)) ** 2)));
      },
    },
  ],
});

describeOp<'p'>({
  name: 'sharpen',
  ...shared,
  differentiable: ['p'],
  range: [0.05, 1],
  cases: [
    {
      name: 'temperature 0.5',
      inputs: { p: SHAPE },
      run: (t) => sharpen(t.p, 0.5),
      reference: ({ p }) =>
        map(p, (value, k) => {
          const row = p.data.subarray(k - (k % 4), k - (k % 4) + 4);
          return value ** 2 / row.reduce((sum, x) => sum + x ** 2, 0);
        }),
    },
  ],
});
