// A cursor over the bytes of a pickle: counts, texts and lines, and an end that is told apart from damage.
import { corrupt } from './tensors.ts';

/** The bytes ended before the pickle did: there may be more of them. */
export class PickleCutShort extends Error {}

export class PickleBytes {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  /** Of the next byte. */
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  take(length: number): Uint8Array {
    const start = this.skip(length);
    return this.bytes.subarray(start, start + length);
  }

  uint8(): number {
    return this.view.getUint8(this.skip(1));
  }

  uint16(): number {
    return this.view.getUint16(this.skip(2), true);
  }

  int32(): number {
    return this.view.getInt32(this.skip(4), true);
  }

  uint32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  /** Throws `checkpoint.corrupt` for a length that no file has. */
  uint64(): number {
    const value = Number(this.view.getBigUint64(this.skip(8), true));
    if (!Number.isSafeInteger(value)) throw corrupt('its pickle claims more bytes than any file has');
    return value;
  }

  /** Big-endian, unlike everything else. */
  float64(): number {
    return this.view.getFloat64(this.skip(8), false);
  }

  /** Little-endian two's complement of any length; whole numbers that JavaScript cannot hold are rounded. */
  long(length: number): number {
    const bytes = this.take(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
    return Number(BigInt.asIntN(8 * length, value));
  }

  text(length: number): string {
    return new TextDecoder().decode(this.take(length));
  }

  /** Up to the next line feed, without it. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw new PickleCutShort();
    const line = this.text(end - this.at);
    this.at += 1;
    return line;
  }

  private skip(length: number): number {
    const start = this.at;
    if (start + length > this.bytes.byteLength) throw new PickleCutShort();
    this.at += length;
    return start;
  }
}
