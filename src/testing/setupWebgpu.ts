// Runs before every engine test file of the project `engine-webgpu`. Without an adapter everything fails: a test that
// did not run proves nothing.
import { afterAll } from 'vitest';
import { closeBackend, openBackend } from '../engine/gpu/openBackend.ts';
import { openDawn } from '../hosts/node/dawn.ts';
import { failOnWarnings } from './failOnWarnings.ts';

const { gpu } = await openDawn();
const troubles: string[] = [];
await openBackend({ preference: 'webgpu', gpu, onTrouble: (error) => troubles.push(error.message) });
failOnWarnings();

afterAll(() => {
  closeBackend();
  if (troubles.length > 0) throw new Error(`The GPU reported:\n${troubles.join('\n')}`);
});
