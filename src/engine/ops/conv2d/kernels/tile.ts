// Text pieces that the WGSL of the convolution family shares: loops written out over register tiles.

/** 0 ... count - 1. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** One line per index, joined. */
export function lines(count: number, line: (i: number) => string): string {
  return range(count).map(line).join('\n');
}

export const COMPONENTS = ['x', 'y', 'z', 'w'] as const;

/** Threads of a workgroup: two waves on most GPUs; nothing is shared between them. */
export const WORKGROUP_SIZE = 64;

/**
 * WGSL functions that fold an index into a map: `inside` says whether it lies in it, `folded` where to read. With zero
 * padding the place read outside does not matter (it is multiplied away), with reflection everything is inside.
 */
export function borderFunctions(reflect: boolean): string {
  return reflect
    ? `fn inside(i: i32, size: i32) -> bool { return true; }
fn folded(i: i32, size: i32) -> i32 { let j = abs(i); return clamp(select(j, 2 * (size - 1) - j, j >= size), 0, size - 1); }`
    : `fn inside(i: i32, size: i32) -> bool { return i >= 0 && i < size; }
fn folded(i: i32, size: i32) -> i32 { return clamp(i, 0, size - 1); }`;
}

/** WGSL function `activated`: what is stored of a sum. The uniform `slope` is the factor below 0, and 1 changes no bit. */
export function activatedFunction(vectors: boolean): string {
  const type = vectors ? 'vec4<f32>' : 'f32';
  return `fn activated(sum: ${type}) -> ${type} { return select(u.slope * sum, sum, sum > ${type}()); }`;
}

/** Storage buffers as the program sees them: four floats at once where every pixel starts at a multiple of four. */
export function storage(binding: number, name: string, vectors: boolean, access: 'read' | 'read_write'): string {
  const element = vectors ? 'vec4<f32>' : 'f32';
  return `@group(0) @binding(${binding}) var<storage, ${access}> ${name}: array<${element}>;`;
}
