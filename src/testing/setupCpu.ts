// Runs before every engine test file of the project `engine-cpu`.
import { openBackend } from '../engine/gpu/openBackend.ts';
import { failOnWarnings } from './failOnWarnings.ts';

await openBackend({ preference: 'cpu' });
failOnWarnings();
