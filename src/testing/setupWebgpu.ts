// Runs before every test file of the project `engine-webgpu`.
import { openDawn } from '../hosts/node/dawn.ts';
import { webgpuForTests } from './webgpuForTests.ts';

await webgpuForTests(async () => (await openDawn()).gpu);
