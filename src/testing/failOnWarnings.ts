// TensorFlow.js hides mistakes behind warnings on the console: in tests they are errors.
import { afterEach, beforeEach, vi } from 'vitest';
import * as tf from '../engine/tf.ts';

/** Makes every test of the file fail that writes a warning or an error to the console. */
export function failOnWarnings(): void {
  tf.env().set('PROD', false);
  const written: string[] = [];
  beforeEach(() => {
    written.length = 0;
    for (const method of ['warn', 'error'] as const) {
      vi.spyOn(console, method).mockImplementation((...parts) => {
        written.push(parts.map(String).join(' '));
      });
    }
  });
  afterEach(() => {
    vi.restoreAllMocks();
    if (written.length > 0) throw new Error(`Written to the console:\n${written.join('\n')}`);
  });
}
