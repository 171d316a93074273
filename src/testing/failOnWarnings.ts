// TensorFlow.js hides mistakes behind warnings on the console: in tests they are errors.
import { afterEach, beforeEach, vi } from 'vitest';
import * as tf from '../engine/tf.ts';

// The one warning that hides nothing: at its first tensor on the CPU, TensorFlow.js recommends another package.
const ADVERTISEMENT = /install our node backend/;

/** Makes every test of the file fail that writes a warning or an error to the console. */
export function failOnWarnings(): void {
  tf.env().set('PROD', false);
  const written: string[] = [];
  beforeEach(() => {
    written.length = 0;
    for (const method of ['warn', 'error'] as const) {
      vi.spyOn(console, method).mockImplementation((...parts) => {
        const text = parts.map(String).join(' ');
        if (!ADVERTISEMENT.test(text)) written.push(text);
      });
    }
  });
  afterEach(() => {
    vi.restoreAllMocks();
    if (written.length > 0) throw new Error(`Written to the console:\n${written.join('\n')}`);
  });
}
