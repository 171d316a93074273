// Renders the built-in street scenes as one PNG to look at: a row a scene; source, target at growing style gaps, labels.
// Build and run: npx vite build --ssr tools/measure/renderScenes.ts --outDir node_modules/.scenes &&
//   node node_modules/.scenes/renderScenes.js scenes.png [--size 256x128] [--rows 6] [--first 0] [--layout 0.35] [--morph]
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { encode } from 'fast-png';
import { CITYSCAPES_CLASSES } from '../../src/domain/classes.ts';
import type { Size } from '../../src/domain/dataset.ts';
import { renderScene } from '../../src/scenes/renderScene.ts';
import { SCENE_SPLITS } from '../../src/scenes/sceneSource.ts';

interface Cell extends Size {
  readonly data: Uint8Array;
}

const STYLE_GAPS = [0, 0.2, 0.4, 0.8, 1];
const MORPH_GAPS = [0, 0.1, 0.2, 0.35, 0.6, 1];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string', default: '256x128' },
    rows: { type: 'string', default: '6' },
    first: { type: 'string', default: '0' },
    seed: { type: 'string', default: String(SCENE_SPLITS.camera.train.seed) },
    layout: { type: 'string', default: '0.35' },
    /** Columns go through the layout gap instead, with labels below one another. */
    morph: { type: 'boolean', default: false },
    /** One style gap only, with labels: fewer, larger pictures. */
    style: { type: 'string' },
  },
});
const [width = 256, height = 128] = values.size.split('x').map(Number);
const size = { width, height };
const seed = Number(values.seed);

function coloured(labels: Uint8Array): Uint8Array {
  const out = new Uint8Array(labels.length * 3);
  for (const [i, label] of labels.entries()) out.set(CITYSCAPES_CLASSES[label]?.rgb ?? [0, 0, 0], i * 3);
  return out;
}

function row(index: number): readonly Cell[] {
  const at = (styleGap: number, layoutGap: number) =>
    renderScene({ seed, index, role: 'camera', settings: { size, styleGap, layoutGap } });
  const cell = (data: Uint8Array): Cell => ({ ...size, data });
  const layoutGap = Number(values.layout);
  if (values.morph) return MORPH_GAPS.map((gap) => cell(at(Number(values.style ?? 0), gap).image));
  const styles = values.style === undefined ? STYLE_GAPS : values.style.split(',').map(Number);
  const pictures = styles.map((gap) => at(gap, layoutGap));
  const source = renderScene({ seed, index, role: 'game', settings: { size, styleGap: 0, layoutGap: 0 } });
  const images = values.style === undefined ? [source, ...pictures] : pictures;
  return [...images.map(({ image }) => cell(image)), cell(coloured(pictures[0]?.labels ?? new Uint8Array()))];
}

function sheet(rows: readonly (readonly Cell[])[]): Cell {
  const columns = Math.max(...rows.map((cells) => cells.length));
  const gap = 2;
  const total = { width: columns * (width + gap) - gap, height: rows.length * (height + gap) - gap };
  const data = new Uint8Array(total.width * total.height * 3).fill(255);
  rows.forEach((cells, r) => {
    cells.forEach((cell, c) => {
      for (let y = 0; y < height; y++) {
        const to = ((r * (height + gap) + y) * total.width + c * (width + gap)) * 3;
        data.set(cell.data.subarray(y * width * 3, (y + 1) * width * 3), to);
      }
    });
  });
  return { ...total, data };
}

const first = Number(values.first);
const startedMs = performance.now();
const rows = Array.from({ length: Number(values.rows) }, (_, i) => row(first + i));
const pictures = rows.reduce((sum, cells) => sum + cells.length - (values.morph ? 0 : 1), 0);
const perPictureMs = (performance.now() - startedMs) / pictures;
const path = positionals[0] ?? 'scenes.png';
writeFileSync(path, encode({ ...sheet(rows), channels: 3, depth: 8 }));
console.log(`${path}: ${pictures} pictures of ${values.size}, ${perPictureMs.toFixed(1)} ms each`);
