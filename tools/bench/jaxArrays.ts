// jax-js, opened on first use on the adapter that WebGPU gives, and the way between its arrays (NCHW, OIHW) and our tensors.
// Its functions take ownership of their arguments: `.ref` keeps one's own.
import { StudioError } from '../../src/domain/errors.ts';
import * as tf from '../../src/engine/tf.ts';
import type { JaxWork } from './benchCase.ts';

type Jax = typeof import('@jax-js/jax');
export type JaxArray = import('@jax-js/jax').Array;

let opened: Promise<Jax> | null = null;

/** The first call decides the device; tests take `wasm`. Throws `gpu.unavailable` if jax-js cannot open it. */
export function openJax(device: 'webgpu' | 'wasm' = 'webgpu'): Promise<Jax> {
  opened ??= open(device);
  return opened;
}

async function open(device: 'webgpu' | 'wasm'): Promise<Jax> {
  const jax = await import('@jax-js/jax');
  if (!(await jax.init(device)).includes(device)) {
    throw new StudioError('gpu.unavailable', `jax-js cannot open ${device}.`, 'Leave --with-jax out.');
  }
  jax.defaultDevice(device);
  return jax;
}

/** A map [n, h, w, c] as [n, c, h, w]; with `filter`, [kh, kw, in, out] as [out, in, kh, kw]. Other ranks as they are. */
export async function toJax(x: tf.Tensor, kind: 'map' | 'filter' = 'map'): Promise<JaxArray> {
  const { numpy } = await openJax();
  const turned = x.rank === 4 ? tf.transpose(x, kind === 'map' ? [0, 3, 1, 2] : [3, 2, 0, 1]) : tf.clone(x);
  const values = await turned.data();
  const shape = turned.shape;
  turned.dispose();
  return numpy.array(x.dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values), { shape });
}

/** Back to the order of our layout. */
export async function fromJax(x: JaxArray, kind: 'map' | 'filter' | 'plain'): Promise<ArrayLike<number>> {
  const { numpy } = await openJax();
  const ordered =
    kind === 'map'
      ? numpy.transpose(x.ref, [0, 2, 3, 1])
      : kind === 'filter'
        ? numpy.transpose(x.ref, [2, 3, 1, 0])
        : x.ref;
  return (await ordered.data()) as ArrayLike<number>;
}

/** `compute` makes new arrays at every call; `inputs` are given back in the end. */
export function jaxWork(
  compute: () => readonly JaxArray[],
  kinds: readonly ('map' | 'filter' | 'plain')[],
  inputs: readonly JaxArray[],
): JaxWork {
  let last: readonly JaxArray[] = [];
  const drop = (): void => {
    for (const array of last) array.dispose();
    last = [];
  };
  return {
    run: () => {
      const next = compute();
      drop();
      last = next;
    },
    settle: async () => {
      for (const array of last) await array.blockUntilReady();
    },
    values: () => Promise.all(last.map((array, i) => fromJax(array, kinds[i] ?? 'plain'))),
    dispose: () => {
      drop();
      for (const array of inputs) array.dispose();
    },
  };
}
