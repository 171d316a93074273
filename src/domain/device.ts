// What the worker computes on.
export type BackendName = 'webgpu' | 'webgl' | 'cpu';

export interface DeviceInfo {
  readonly backend: BackendName;
  /** Vendor, architecture or description as the adapter tells them; empty where it does not. */
  readonly adapter: string;
  readonly software: boolean;
  readonly shaderF16: boolean;
  readonly maxBufferBytes: number | null;
  readonly maxBindingBytes: number | null;
  /** Why a better backend is not used; null if this is the best there is. */
  readonly fallbackReason: string | null;
}
