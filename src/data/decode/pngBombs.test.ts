// Small files made to inflate without end: refused, or read without what swells, in little time and memory.
import { constants, deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { greyPng } from '../../testing/imageFiles.ts';
import { pngChunk, pngWith } from '../../testing/photoFiles.ts';
import { decodePng, decodePngPhoto } from './decodePng.ts';

const MIB = 2 ** 20;

/** `mebibytes` of zeros as zlib writes them (RFC 1950), made from one of them; without an end, as a bomb needs none. */
function zeros(mebibytes: number): Uint8Array {
  const block = deflateRawSync(Buffer.alloc(MIB), { finishFlush: constants.Z_FULL_FLUSH, level: 9 });
  return Buffer.concat([Uint8Array.of(0x78, 0xda), ...Array.from({ length: mebibytes }, () => block)]);
}

/** A grey picture whose data is `data`. */
function pictureOf(width: number, height: number, data: Uint8Array): Uint8Array {
  const header = greyPng(2, 2, 0).slice(0, 29);
  const view = new DataView(header.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  const ihdr = pngChunk('IHDR', header.subarray(16, 29));
  return Buffer.concat([header.subarray(0, 8), ihdr, pngChunk('IDAT', data), pngChunk('IEND', new Uint8Array())]);
}

/** What `act` throws, and the processor time and peak of memory that it took. */
function costOf(act: () => unknown) {
  const before = process.cpuUsage();
  let thrown: unknown = null;
  try {
    act();
  } catch (error) {
    thrown = error;
  }
  const { user, system } = process.cpuUsage(before);
  return { thrown, seconds: (user + system) / 1e6 };
}

test('picture data of 8 GiB in 8 MB is refused after what the size needs', () => {
  const bomb = pictureOf(4096, 2048, zeros(8192));
  expect(bomb.length).toBeLessThan(10 * MIB);
  const { thrown, seconds } = costOf(() => decodePng(bomb, 'bomb.png'));
  expect(thrown).toMatchObject({ code: 'data.unsupported-format', context: { reason: 'inflates-too-far' } });
  expect(seconds).toBeLessThan(3);
});

test('a profile of 1 GiB in 1 MB is never inflated', () => {
  const name = Uint8Array.from([...'swells\0\0'].map((letter) => letter.charCodeAt(0)));
  for (const kind of ['iCCP', 'zTXt', 'iTXt']) {
    const bomb = pngWith([pngChunk(kind, Buffer.concat([name, zeros(1024)]))], greyPng(8, 8, 3));
    expect(bomb.length).toBeGreaterThan(MIB);
    const { thrown, seconds } = costOf(() => decodePngPhoto(bomb, 'bomb.png'));
    expect(thrown).toBeNull();
    expect(seconds).toBeLessThan(1);
  }
});

test('a picture that is large and compresses well is none', () => {
  const flat = greyPng(2048, 2048, 7);
  const { samples } = decodePng(flat, 'flat.png');
  expect(samples.every((value) => value === 7)).toBe(true);
});
