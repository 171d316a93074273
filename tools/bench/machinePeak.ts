// What the adapter can do at most, by two kernels that do nothing else: multiply-adds in registers, and copying. Ceilings of the
// roofline; measured by the same clock as everything.
import { defineKernel } from '../../src/engine/gpu/kernel.ts';
import { perElement } from '../../src/engine/gpu/wgsl.ts';
import * as tf from '../../src/engine/tf.ts';
import { type MeasureOptions, measure, type Timing } from './measure.ts';
import { finishGpu } from './stockBackend.ts';

export interface MachinePeak {
  readonly gigaflops: number;
  readonly gigabytesPerSecond: number;
}

const BINDINGS = {
  uniforms: { size: 'i32', rounds: 'i32' },
  inputs: { x: 'vec4f' },
  outputs: { y: 'vec4f' },
} as const;
const CHAINS = 8;
const chains = Array.from({ length: CHAINS }, (_, k) => `a${k}`);

const arithmetic = defineKernel({
  ...BINDINGS,
  name: 'peakArithmetic',
  wgsl: () =>
    perElement(
      'u.size',
      `let factor = x[index];
  ${chains.map((name, k) => `var ${name} = factor + ${k}.0;`).join('\n  ')}
  for (var i = 0; i < u.rounds; i++) {
    ${chains.map((name) => `${name} = fma(${name}, factor, factor);`).join('\n    ')}
  }
  y[index] = ${chains.join(' + ')};`,
    ),
});

const copy = defineKernel({
  ...BINDINGS,
  name: 'peakCopy',
  wgsl: () => perElement('u.size', 'y[index] = x[index] + vec4f(f32(u.rounds));'),
});

/** Sizes are for a machine that computes in software, or for a GPU. */
export async function machinePeak(software: boolean, options: MeasureOptions): Promise<MachinePeak> {
  const threads = software ? 1 << 12 : 1 << 20;
  const rounds = software ? 256 : 512;
  const vectors = software ? 1 << 20 : 1 << 24;
  const small = tf.fill([4 * threads], 0.5);
  const large = tf.fill([4 * vectors], 0.5);
  const contender = (kernel: typeof copy, x: tf.Tensor, size: number, count: number) => ({
    run: () =>
      kernel
        .run({ inputs: { x }, outputs: { y: x.shape }, threads: size, uniforms: { size, rounds: count } })
        .y.dispose(),
    settle: finishGpu,
  });
  const timings = await measure(
    [contender(arithmetic, small, threads, rounds), contender(copy, large, vectors, 0)],
    options,
  );
  tf.dispose([small, large]);
  const [computing, copying] = timings as [Timing, Timing];
  return {
    gigaflops: (2 * 4 * CHAINS * threads * rounds) / computing.ms / 1e6,
    gigabytesPerSecond: (2 * 16 * vectors) / copying.ms / 1e6,
  };
}
