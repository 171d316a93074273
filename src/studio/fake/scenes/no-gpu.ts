// Without a GPU: the page works on the CPU, and says so.
import { FAKE_DEVICE } from '../fakeWorker.ts';
import type { Scene } from '../scene.ts';

export const scene: Scene = {
  shows: 'No GPU: the CPU computes',
  worker: {
    device: {
      ...FAKE_DEVICE,
      backend: 'cpu',
      adapter: '',
      software: true,
      shaderF16: false,
      maxBufferBytes: null,
      maxBindingBytes: null,
      fallbackReason: 'WebGPU found no graphics adapter.',
    },
  },
};
