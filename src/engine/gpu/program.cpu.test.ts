import { expect, it } from 'vitest';
import { expectInvariant } from '../../testing/opContract.ts';
import { canRunPrograms, runProgram } from './program.ts';

it('programs are refused without WebGPU', () => {
  expect(canRunPrograms()).toBe(false);
  expectInvariant(() =>
    runProgram({
      family: { name: 'nothing', uniforms: {}, wgsl: () => '' },
      spec: {},
      inputs: [],
      outputs: [{ shape: [1] }],
      dispatches: [],
    }),
  );
});
