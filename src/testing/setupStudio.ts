// Gives happy-dom what Mantine and Recharts expect of a browser, clears the page after every test,
// and fails a test that printed an error.
import { cleanup, configure } from '@testing-library/react';
import { afterEach, beforeEach, expect, type MockInstance, vi } from 'vitest';

// The whole page takes a second to render on a busy machine; a test that fails still fails.
configure({ asyncUtilTimeout: 8000 });
vi.setConfig({ testTimeout: 30_000 });

class StillResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

vi.stubGlobal('ResizeObserver', StillResizeObserver);
vi.stubGlobal('matchMedia', (query: string) => ({
  matches: false,
  media: query,
  onchange: null,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
  addListener: () => undefined,
  removeListener: () => undefined,
  dispatchEvent: () => false,
}));
// Nothing is laid out here; charts want to know how large they are all the same.
Element.prototype.getBoundingClientRect = () => new DOMRect(0, 0, 240, 120);
Element.prototype.scrollIntoView = () => undefined;

let printedErrors: MockInstance<typeof console.error>;

beforeEach(() => {
  localStorage.clear();
  printedErrors = vi.spyOn(console, 'error');
});

afterEach(() => {
  cleanup();
  const printed = printedErrors.mock.calls.map((call) => call.map(String).join(' '));
  printedErrors.mockRestore();
  expect(printed).toEqual([]);
});
