import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../domain/errors.ts';
import { openSafetensors, readSafetensors, writeSafetensors } from './safetensors.ts';
import { bytesSource } from './tensors.ts';

/** A file from a header and data bytes, put together by hand: independent of the writer. */
function fileOf(header: string, data: readonly number[]): Uint8Array {
  const json = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + json.length + data.length);
  new DataView(file.buffer).setUint32(0, json.length, true);
  file.set(json, 8);
  file.set(data, 8 + json.length);
  return file;
}
const entry = (dtype: string, shape: number[], start: number, end: number): string =>
  JSON.stringify({ dtype, shape, data_offsets: [start, end] });

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof StudioError ? error.code : `not a StudioError: ${String(error)}`;
  }
  return 'nothing was thrown';
}

describe('readSafetensors', () => {
  it('decodes every type, also where the data is not aligned', () => {
    const header = `{"u":${entry('U8', [1], 0, 1)},"h":${entry('F16', [4], 1, 9)},"b":${entry('BF16', [2], 9, 13)},"l":${entry('I64', [1], 13, 21)},"d":${entry('F64', [1], 21, 29)},"i":${entry('I32', [1], 29, 33)},"f":${entry('F32', [], 33, 37)}}`;
    const data = [
      ...[7],
      // 1.0, -2.0, the smallest subnormal 2^-24, +infinity
      ...[0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0x00, 0x7c],
      // 1.0, -1.5
      ...[0x80, 0x3f, 0xc0, 0xbf],
      ...[0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      ...[0, 0, 0, 0, 0, 0, 0xf8, 0x3f],
      ...[0xff, 0xff, 0xff, 0xff],
      ...[0, 0, 0x20, 0x41],
    ];
    const { tensors } = readSafetensors(fileOf(header, data));
    const values = Object.fromEntries([...tensors].map(([name, tensor]) => [name, [...tensor.values]]));
    expect(values).toEqual({
      u: [7],
      h: [1, -2, 2 ** -24, Infinity],
      b: [1, -1.5],
      l: [-2],
      d: [1.5],
      i: [-1],
      f: [10],
    });
    expect(tensors.get('f')?.shape).toEqual([]);
  });

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a prefix only', new Uint8Array(7)],
    ['a header longer than the file', Uint8Array.from([255, 0, 0, 0, 0, 0, 0, 0, 123])],
    ['a header of 2^63 bytes', Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 128, 123])],
    ['a header that is no JSON', fileOf('{"a":', [])],
    ['a header that is a list', fileOf('[]', [])],
    ['an unknown type', fileOf(`{"a":${entry('F8', [1], 0, 1)}}`, [0])],
    ['a name of Object.prototype as type', fileOf(`{"a":${entry('toString', [1], 0, 1)}}`, [0])],
    ['a negative side', fileOf(`{"a":${entry('U8', [-1], 0, 1)}}`, [0])],
    ['offsets beyond the data', fileOf(`{"a":${entry('U8', [2], 0, 2)}}`, [0])],
    ['offsets that do not fit the shape', fileOf(`{"a":${entry('F32', [2], 0, 4)}}`, [0, 0, 0, 0])],
    ['data that no tensor covers', fileOf(`{"a":${entry('U8', [1], 0, 1)}}`, [0, 0])],
    [
      'tensors that lie in one another',
      fileOf(`{"a":${entry('U8', [3], 0, 3)},"b":${entry('U8', [1], 1, 2)}}`, [0, 0, 0, 0]),
    ],
    [
      'tensors that overlap and leave a gap of the same size',
      fileOf(`{"a":${entry('U8', [2], 0, 2)},"b":${entry('U8', [2], 1, 3)}}`, [0, 0, 0, 0]),
    ],
    ['metadata that is no text', fileOf('{"__metadata__":{"a":1}}', [])],
  ])('refuses %s as checkpoint.corrupt', (_, file) => {
    expect(codeOf(() => readSafetensors(file))).toBe('checkpoint.corrupt');
  });

  it('refuses a file that was cut off anywhere', () => {
    const whole = writeSafetensors([['a', { shape: [3], values: Float32Array.of(1, 2, 3) }]], { step: '5' });
    for (let length = 0; length < whole.length; length++) {
      expect(codeOf(() => readSafetensors(whole.subarray(0, length)))).toBe('checkpoint.corrupt');
    }
  });
});

describe('openSafetensors', () => {
  it('has tensors of types that are not read, which hinder nobody', async () => {
    const file = fileOf(
      `{"m":${entry('BOOL', [3], 0, 3)},"q":${entry('F8_E4M3', [1], 3, 4)},"n":${entry('F4', [3], 4, 6)},"f":${entry('F32', [1], 6, 10)}}`,
      [1, 0, 1, 9, 9, 9, 0, 0, 0x80, 0x3f],
    );
    const { tensors, format } = await openSafetensors(bytesSource(file));
    expect(format).toBe('safetensors');
    expect([...tensors].map(([name, { type }]) => [name, type])).toEqual([
      ['m', 'BOOL'],
      ['q', 'F8_E4M3'],
      ['n', 'F4'],
      ['f', 'F32'],
    ]);
    expect([...(await tensors.get('f')!.read())]).toEqual([1]);
    expect(codeOf(() => readSafetensors(file))).toBe('checkpoint.corrupt');
  });
});

describe('writeSafetensors', () => {
  it('gives the same bits back, and the metadata', () => {
    const words = fc.array(fc.integer(), { maxLength: 20 });
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1 }), words),
        fc.dictionary(fc.string(), fc.string()),
        (bits, metadata) => {
          delete bits.__metadata__;
          const tensors = Object.entries(bits).map(
            ([name, list]) =>
              [name, { shape: [list.length], values: new Float32Array(Int32Array.from(list).buffer) }] as const,
          );
          const read = readSafetensors(writeSafetensors(tensors, metadata));
          expect(Object.entries(read.metadata).sort()).toEqual(Object.entries(metadata).sort());
          expect([...read.tensors.keys()].sort()).toEqual(Object.keys(bits).sort());
          for (const [name, list] of Object.entries(bits)) {
            const values = read.tensors.get(name)?.values;
            expect([...new Int32Array(values!.buffer)]).toEqual([...Int32Array.from(list)]);
          }
        },
      ),
    );
  });

  it('refuses two tensors of one name and values that do not fill the shape', () => {
    const one = { shape: [1], values: Float32Array.of(1) };
    const twice = [
      ['a', one],
      ['a', one],
    ] as const;
    expect(codeOf(() => writeSafetensors(twice))).toBe('internal.invariant');
    expect(codeOf(() => writeSafetensors([['a', { shape: [2], values: Float32Array.of(1) }]]))).toBe(
      'internal.invariant',
    );
  });
});
