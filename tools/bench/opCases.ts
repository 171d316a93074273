// The operations' benchmarks, found beside them (`<name>.bench.ts`), with jax-js where somebody has written that down.
import type * as tf from '../../src/engine/tf.ts';
import type { OpBench, OpScale } from '../../src/testing/opBench.ts';
import type { BenchDefinition, JaxWork } from './benchCase.ts';
import { jaxCrossEntropy, jaxEntropy, jaxGroupNorm } from './jaxOps.ts';

export const STEP_SCALE: Omit<OpScale, 'parameters'> = { batch: 4, height: 64, width: 128 };

const found = import.meta.glob<readonly OpBench[]>(
  ['../../src/engine/ops/*/*.bench.ts', '../../src/engine/losses/*/*.bench.ts'],
  { eager: true, import: 'benches' },
);

type Operands = Readonly<Record<string, tf.Tensor>>;
const JAX: Readonly<Record<string, (operands: Operands) => Promise<JaxWork>>> = {
  'group norm, ReLU': (operands) => groupNorm({ ...operands, residual: null }),
  'group norm, residual, ReLU': groupNorm,
  'cross-entropy': ({ logits, labels, classWeights }) =>
    jaxCrossEntropy(logits as tf.Tensor4D, labels as tf.Tensor3D, classWeights as tf.Tensor1D),
  'entropy map': ({ logits, dy }) => jaxEntropy(logits as tf.Tensor4D, dy as tf.Tensor4D),
};

export function opCases(scale: OpScale): BenchDefinition[] {
  return Object.values(found)
    .flat()
    .map(({ name, pass, open }) => ({
      ...{ suite: 'ops', name, pass, count: 1 },
      open: () => {
        const { operands, ...opened } = open(scale);
        const jax = JAX[name];
        return { ...opened, flops: 0, jax: jax === undefined ? null : () => jax(operands) };
      },
    }));
}

function groupNorm(operands: Readonly<Record<string, tf.Tensor | null>>): Promise<JaxWork> {
  const { x, gamma, beta, residual, dy } = operands as unknown as Parameters<typeof jaxGroupNorm>[0];
  return jaxGroupNorm({ x, gamma, beta, residual, dy }, Math.max(1, Math.floor(x.shape[3] / 8)));
}
