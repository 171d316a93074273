// Gives happy-dom what Mantine and Recharts expect of a browser, clears the page after every test,
// and fails a test that printed an error.
import { afterEach, beforeEach, expect, type MockInstance, vi } from 'vitest';

// React measures every rendering for the browser's performance panel if it finds the means when it is loaded.
Reflect.deleteProperty(console, 'timeStamp');
const { cleanup, configure } = await import('@testing-library/react');

// The whole page takes a second to render on a busy machine; a test that fails still fails. An element that is waited for is
// missing many times: printing the page each time takes longer than looking for it.
configure({ asyncUtilTimeout: 8000, getElementError: (message) => new Error(message ?? 'There is no such element.') });
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
