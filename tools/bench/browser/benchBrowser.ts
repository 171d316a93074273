// The page behind `benchBrowser.mjs`: starts the worker that measures, and says what it says. Its address tells what to
// measure. Built by that script only; no part of the studio.
import type { BenchAnswer, BenchTask } from './benchBrowserWorker.ts';

const asked = new URLSearchParams(location.search);
const worker = new Worker(new URL('./benchBrowserWorker.ts', import.meta.url), { type: 'module' });
worker.addEventListener('message', ({ data }: MessageEvent<BenchAnswer>) => {
  if ('line' in data) console.log(data.line);
  else document.body.dataset.state = 'done';
});
worker.postMessage({
  rounds: Number(asked.get('rounds')),
  onlyFirstStep: asked.has('only-first-step'),
  openedAtMs: performance.timeOrigin,
} satisfies BenchTask);
