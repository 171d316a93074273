// Runs before every test file of the project `engine-card`: whatever adapter there is says that it is a graphics card. Kernels
// for cards are other texts and other sizes than those for the CPU, and a machine of tests has no card.
import { isSoftwareDevice } from '../engine/gpu/program.ts';
import { openDawn } from '../hosts/node/dawn.ts';
import { webgpuForTests } from './webgpuForTests.ts';

const CARD = { vendor: 'test', architecture: 'card', device: '', description: '', isFallbackAdapter: false };

await webgpuForTests(async () => asCard((await openDawn()).gpu));
if (isSoftwareDevice()) throw new Error('The kernels for cards would not be tested.');

function asCard(gpu: GPU): GPU {
  return withMember(gpu, 'requestAdapter', async (options?: GPURequestAdapterOptions) => {
    const adapter = await gpu.requestAdapter(options);
    if (adapter === null) return null;
    return withMember(adapter, 'requestDevice', async (descriptor?: GPUDeviceDescriptor) => {
      const device = await adapter.requestDevice(descriptor);
      const { subgroupMinSize, subgroupMaxSize } = device.adapterInfo;
      // On the device itself: the bindings take no other object for it.
      Object.defineProperty(device, 'adapterInfo', { value: { ...CARD, subgroupMinSize, subgroupMaxSize } });
      return device;
    });
  });
}

/** `object` with one member replaced. */
function withMember<T extends object>(object: T, name: keyof T, member: unknown): T {
  return new Proxy(object, {
    get: (target, key) => {
      if (key === name) return member;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
