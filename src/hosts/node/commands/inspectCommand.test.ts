// inspect on folders on disk: what it prints, and with which status it ends.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GTA5_PALETTE, greyPng, palettePng, photoPng } from '../../../testing/imageFiles.ts';
import { inspectCommand } from './inspectCommand.ts';

let folder: string;
let printed: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inspect-'));
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void printed.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function write(files: Readonly<Record<string, Uint8Array>>): void {
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

const json = async (...args: string[]): Promise<[number, Record<string, unknown>]> => {
  const status = await inspectCommand([folder, '--json', ...args]);
  return [status, JSON.parse(printed[0] ?? '')];
};

describe('inspect', () => {
  it('prints every pair with its classes, and what is left over; 0 where it can be used', async () => {
    write({
      'images/1.png': photoPng(4, 2),
      'images/2.png': photoPng(4, 2, 1),
      'labels/1.png': palettePng(4, 2, [7, 7, 7, 7, 7, 26, 26, 0], GTA5_PALETTE),
      'labels/9.png': palettePng(4, 2, [7, 7, 7, 7, 7, 7, 7, 7], GTA5_PALETTE),
      'readme.txt': Uint8Array.of(65),
    });
    const [status, report] = await json();
    expect(status).toBe(0);
    expect(report).toMatchObject({
      layout: 'gta5',
      coding: { id: 'gta5', certainty: 'certain' },
      counts: { paired: 1, unlabelled: 1, leftOut: 2 },
      splits: { train: 2, val: 0 },
      pairs: [
        { split: 'train', classes: { road: 5, car: 2, ignore: 1 } },
        { label: null, classes: {} },
      ],
    });
    expect(report.findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'data.unpaired', file: expect.stringContaining('labels/9.png') }),
        expect.objectContaining({ code: 'data.unused-files', message: expect.stringContaining('readme.txt') }),
      ]),
    );
  });

  it('ends with 2 and names the option where labels can be read in several ways; with it, 0', async () => {
    write({ 'images/1.png': photoPng(2, 2), 'labels/1.png': greyPng(2, 2, [0, 0, 1, 1]) });
    const [status, report] = await json();
    expect([status, report.coding]).toEqual([2, expect.objectContaining({ id: null, certainty: 'ambiguous' })]);
    expect(report.pairs).toMatchObject([{ classes: {} }]);
    expect(printed.at(-1)).toMatch(/--coding ID/);
    printed = [];
    const [answered, after] = await json('--coding', 'train-ids');
    expect(answered).toBe(0);
    expect(after.pairs).toMatchObject([{ classes: { road: 2, sidewalk: 2 } }]);
  });

  it('ends with 1 where nothing can be used, and says why', async () => {
    write({ 'images/1.png': Uint8Array.of(1, 2, 3), 'labels/1.png': greyPng(2, 2, 7) });
    const [status, report] = await json('--coding', 'cityscapes-ids');
    expect(status).toBe(1);
    expect(report).toMatchObject({ counts: { paired: 0 }, findings: [{ code: 'data.unreadable-file' }] });
  });

  it('refuses a coding that is none, and a table that is not there', async () => {
    write({ 'images/1.png': photoPng(2, 2), 'labels/1.png': greyPng(2, 2, 7) });
    await expect(inspectCommand([folder, '--coding', 'nothing'])).rejects.toMatchObject({ code: 'config.invalid' });
    await expect(inspectCommand([folder, '--coding', './none.csv'])).rejects.toMatchObject({ code: 'data.not-found' });
    await expect(inspectCommand([])).rejects.toMatchObject({ code: 'config.invalid' });
  });
});
