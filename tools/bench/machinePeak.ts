// What the adapter can do at most, by two kernels that do nothing else: multiply-adds in registers, and copying. Ceilings of the
// roofline; measured by the same clock as everything.
import { declareUniforms, type ProgramFamily } from '../../src/engine/gpu/program.ts';
import { runTensor } from '../../src/engine/gpu/runTensors.ts';
import { declareBuffers, perElement, uniformBinding, workgroupsFor } from '../../src/engine/gpu/wgsl.ts';
import * as tf from '../../src/engine/tf.ts';
import { type MeasureOptions, measure, type Timing } from './measure.ts';
import { finishGpu } from './stockBackend.ts';

export interface MachinePeak {
  readonly gigaflops: number;
  readonly gigabytesPerSecond: number;
}

const BUFFERS = { reads: { x: 'vec4f' }, writes: { y: 'vec4f' } } as const;
const UNIFORMS = { size: 'i32', rounds: 'i32' } as const;
const CHAINS = 8;

const arithmetic: ProgramFamily<Record<string, never>, keyof typeof UNIFORMS> = {
  name: 'peakArithmetic',
  uniforms: UNIFORMS,
  wgsl: () => {
    const chains = Array.from({ length: CHAINS }, (_, k) => `a${k}`);
    return `
${declareBuffers(BUFFERS)}
${declareUniforms(UNIFORMS, uniformBinding(BUFFERS))}
${perElement(
  'u.size',
  `let factor = x[index];
  ${chains.map((name, k) => `var ${name} = factor + ${k}.0;`).join('\n  ')}
  for (var i = 0; i < u.rounds; i++) {
    ${chains.map((name) => `${name} = fma(${name}, factor, factor);`).join('\n    ')}
  }
  y[index] = ${chains.join(' + ')};`,
)}`;
  },
};

const copy: ProgramFamily<Record<string, never>, keyof typeof UNIFORMS> = {
  name: 'peakCopy',
  uniforms: UNIFORMS,
  wgsl: () => `
${declareBuffers(BUFFERS)}
${declareUniforms(UNIFORMS, uniformBinding(BUFFERS))}
${perElement('u.size', 'y[index] = x[index] + vec4f(f32(u.rounds));')}`,
};

/** Sizes are for a machine that computes in software, or for a GPU. */
export async function machinePeak(software: boolean, options: MeasureOptions): Promise<MachinePeak> {
  const threads = software ? 1 << 12 : 1 << 20;
  const rounds = software ? 256 : 512;
  const vectors = software ? 1 << 20 : 1 << 24;
  const small = tf.fill([4 * threads], 0.5);
  const large = tf.fill([4 * vectors], 0.5);
  const contender = (family: typeof copy, x: tf.Tensor, size: number, count: number) => ({
    run: () =>
      runTensor({
        family,
        spec: {},
        inputs: [x],
        outputs: [{ shape: x.shape }],
        dispatches: [{ workgroups: workgroupsFor(size), uniforms: { size, rounds: count } }],
      }).dispose(),
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
