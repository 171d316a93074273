// A run on graphics devices that can be taken from it: what the page's worker does, without page and worker.
import type { Events } from '../bridge/protocol.ts';
import type { Emit } from '../bridge/server.ts';
import type { BackendName, DeviceInfo } from '../domain/device.ts';
import type { RunState } from '../domain/run.ts';
import { memory } from '../engine/backend/memory.ts';
import { closeBackend, deviceTrouble, openBackend } from '../engine/backend/openBackend.ts';
import { CurrentRun, type DeviceHost } from '../session/run/currentRun.ts';
import { ListingRunStore, runHost, stripedPair } from './runHarness.ts';

const PATIENCE_MS = 60_000;

/** Every device that is given out, the newest last. */
function watchedGpu(gpu: GPU): { gpu: GPU; devices: GPUDevice[] } {
  const devices: GPUDevice[] = [];
  const requestAdapter = async (options?: GPURequestAdapterOptions): Promise<GPUAdapter | null> => {
    const adapter = await gpu.requestAdapter(options);
    if (adapter === null) return null;
    const requestDevice = async (wanted?: GPUDeviceDescriptor): Promise<GPUDevice> => {
      const device = await adapter.requestDevice(wanted);
      devices.push(device);
      return device;
    };
    return new Proxy(adapter, {
      get: (target, key) => (key === 'requestDevice' ? requestDevice : Reflect.get(target, key, target)),
    });
  };
  return { gpu: { requestAdapter } as GPU, devices };
}

export interface DeviceSubject {
  readonly run: CurrentRun;
  readonly store: ListingRunStore;
  readonly devices: GPUDevice[];
  readonly told: { readonly [N in 'recovered' | 'failure']: Events[N][] };
  readonly states: RunState[];
  until(isSo: () => boolean): Promise<void>;
}

/** A run's keeper over the devices of `gpu`; `atStep` hears of every step that is trained. */
export function openOnDevice(
  gpu: GPU,
  changes: Partial<DeviceHost> = {},
  atStep?: (step: number) => void,
): DeviceSubject {
  const store = new ListingRunStore();
  const { gpu: watched, devices } = watchedGpu(gpu);
  const told = { recovered: [] as Events['recovered'][], failure: [] as Events['failure'][] };
  const states: RunState[] = [];
  const emit: Emit = (name, body) => {
    if (name === 'recovered') told.recovered.push(structuredClone(body as Events['recovered']));
    if (name === 'failure') told.failure.push(body as Events['failure']);
    if (name !== 'run.state') return;
    const { state } = body as Events['run.state'];
    states.push(state);
    if (state.status === 'running') atStep?.(state.step);
  };
  const pair = stripedPair(4);
  // A save after every second step or so.
  const { clock, source } = runHost({ device: {} as DeviceInfo, store, pair, tickMs: 2500 });
  const device: DeviceHost = {
    open: (preference: 'auto' | BackendName, onTrouble) =>
      openBackend({ preference: preference === 'auto' ? 'webgpu' : preference, gpu: watched, onTrouble }),
    trouble: deviceTrouble,
    close: closeBackend,
    ...changes,
  };
  const run = new CurrentRun({ store, clock, memory, device, source, sharing: null, newToken: () => 'token' }, emit);
  const until = async (isSo: () => boolean): Promise<void> => {
    const end = performance.now() + PATIENCE_MS;
    while (!isSo()) {
      if (performance.now() > end) throw new Error(`Waited in vain; last: ${JSON.stringify(states.at(-1))}`);
      await new Promise((go) => setTimeout(go, 5));
    }
  };
  return { run, store, devices, told, states, until };
}
