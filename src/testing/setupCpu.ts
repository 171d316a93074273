// Runs before every test file of the project `engine-cpu`.
import { openBackend } from '../engine/backend/openBackend.ts';
import * as tf from '../engine/tf.ts';
import { sharedEngine } from './sharedEngine.ts';

if (tf.findBackend('cpu') === null) await openBackend({ preference: 'cpu' });
await sharedEngine('cpu');
