// The page behind `measureImport.mjs`'s yardstick: hands chosen files to a worker that decodes them and keeps nothing.
// Built by that script only; no part of the studio.
import { doorTo } from '../../src/studio/stores/dropDoor.ts';
import type { DecodeAnswer, DecodeTask } from './decodeAloneWorker.ts';

const input = document.querySelector<HTMLInputElement>('#files');
const output = document.querySelector<HTMLOutputElement>('#result');
const worker = new Worker(new URL('./decodeAloneWorker.ts', import.meta.url), { type: 'module' });

worker.addEventListener('message', ({ data }: MessageEvent<DecodeAnswer>) => {
  if (output === null) return;
  output.dataset.state = data.state;
  output.textContent = JSON.stringify(data);
});
input?.addEventListener('change', () => {
  const files = Array.from(input.files ?? [], (file) => ({ path: file.webkitRelativePath, open: async () => file }));
  const door = doorTo(files);
  const listed = files.map(({ path }) => ({ path, isReadable: true }));
  worker.postMessage({ files: listed, door } satisfies DecodeTask, [door]);
});
// The driver says when, and with which options.
window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (typeof data === 'object' && data !== null && 'options' in data) worker.postMessage(data);
});
