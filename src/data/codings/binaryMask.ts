// A mask of two kinds: 0 is background and 255 what is marked, as editors and annotation tools export a single object. Everywhere else
// 255 means "ignore", so this is never taken without asking.
import { type Coding, codingOf, valueTable } from './core/coding.ts';

const base = codingOf({
  id: 'binary-mask',
  label: 'Mask, 0 and 255',
  source: 'Black and white masks of a single class',
  classes: [
    { name: 'background', rgb: [70, 70, 70] },
    { name: 'foreground', rgb: [250, 170, 30] },
  ],
  count: 1,
  mapped: { 0: 'background' },
  percent: { 0: 60, 255: 40 },
  writes255: true,
});

export const coding: Coding = {
  ...base,
  values: valueTable([
    [0, 0],
    [255, 1],
  ]),
};
