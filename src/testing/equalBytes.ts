// Arrays with the same bytes are equal: said at once, where Vitest looks at one element after the other, which for a checkpoint
// takes seconds. What differs, or is no typed array, is left to Vitest, which then shows where.
import { expect } from 'vitest';

expect.addEqualityTesters([(a: unknown, b: unknown) => (sameBytes(a, b) ? true : undefined)]);

function sameBytes(a: unknown, b: unknown): boolean {
  if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b) || a.constructor !== b.constructor) return false;
  return Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
