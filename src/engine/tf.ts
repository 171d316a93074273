// The one import site of TensorFlow.js (pinned to 4.22.0; docs/adr/0002). Everything else in the engine writes
// `import * as tf from '../tf.ts'` and calls functions, never chained methods. Importing opens no device and
// registers no WebGPU backend: backend/openBackend.ts does both.
import { env } from '@tensorflow/tfjs';

export * from '@tensorflow/tfjs';
export { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';

// Production mode drops TensorFlow.js's advice on the console (in Node it recommends another package at the first
// tensor) and no check that we use: wrong shapes still throw. Tests switch it off again to see its warnings.
env().set('PROD', true);
