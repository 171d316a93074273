// Facts about a WebGPU adapter, in words. Browsers tell as much as they think is safe; empty fields are normal.

type AdapterFacts = Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description'> &
  Partial<Pick<GPUAdapterInfo, 'isFallbackAdapter'>>;

/** Vendor, architecture and description, each only once. */
export function describeAdapter(info: AdapterFacts): string {
  const parts = [info.vendor, info.architecture, info.description || info.device].filter((part) => part !== '');
  return parts
    .filter((part, i) => !parts.some((other, j) => j !== i && other.includes(part) && (other !== part || j < i)))
    .join(' ');
}

/** Whether the adapter computes on the CPU: SwiftShader (Chromium), llvmpipe / lavapipe (Mesa), WARP (Windows). */
export function isSoftwareAdapter(info: AdapterFacts): boolean {
  if (info.isFallbackAdapter === true) return true;
  const text = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`;
  return /swiftshader|llvmpipe|lavapipe|software|basic render|\bwarp\b|\bcpu\b/i.test(text);
}
