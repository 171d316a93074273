// How far a float32 result may lie from the float64 reference, in one place. `relative` is relative to the element,
// `ofLargest` to the largest magnitude of the tensor; both backends compute in float32, the GPU with less exact
// transcendental functions (WGSL allows several units in the last place for exp, log and tanh).
import type { BackendName } from '../domain/device.ts';

export type ToleranceClass = 'exact' | 'elementwise' | 'sum' | 'norm' | 'loss';

export interface Tolerance {
  readonly relative: number;
  readonly ofLargest: number;
}

const CPU: Readonly<Record<ToleranceClass, Tolerance>> = {
  exact: { relative: 0, ofLargest: 0 },
  elementwise: { relative: 1e-5, ofLargest: 2e-6 },
  sum: { relative: 1e-4, ofLargest: 2e-5 },
  norm: { relative: 2e-4, ofLargest: 5e-5 },
  loss: { relative: 1e-4, ofLargest: 2e-5 },
};

const GPU: Readonly<Record<ToleranceClass, Tolerance>> = {
  ...CPU,
  elementwise: { relative: 1e-4, ofLargest: 1e-5 },
};

export function toleranceOf(kind: ToleranceClass, backend: BackendName | string): Tolerance {
  return (backend === 'cpu' ? CPU : GPU)[kind];
}
