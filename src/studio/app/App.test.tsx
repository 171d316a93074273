// What a person does, on the whole page with a fake worker: train, look, threshold, import, resume, switch language, fail.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { DatasetId } from '../../domain/dataset.ts';
import { type SerialisedError, StudioError, serialiseError } from '../../domain/errors.ts';
import { bareRecipe } from '../../domain/recipe.ts';
import type { RunId, RunSummary } from '../../domain/run.ts';
import { FAKE_DEVICE, FAKE_REPORT } from '../fake/fakeWorker.ts';
import { LATEST } from '../panes/validation/latest.ts';
import { countKept } from '../panes/validation/paint.ts';
import { configOf, DEFAULT_DRAFT } from '../stores/draft.ts';
import { reportFailure } from '../stores/engine.ts';
import { dataOf } from '../stores/pictures.ts';
import { setThreshold } from '../stores/view.ts';
import { renderStudio } from '../testing/renderStudio.tsx';

const status = (): string | undefined => screen.getByTestId('status').dataset.status;
const stepCount = (): number => Number(screen.getByTestId('step-count').dataset.step);

async function train() {
  const rendered = renderStudio();
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>('play').disabled).toBe(false));
  await userEvent.click(screen.getByTestId('play'));
  await waitFor(() => expect(status()).toBe('running'));
  return rendered;
}

test('before any run both domains are shown and one press away from training', async () => {
  renderStudio();
  expect(await screen.findByRole('img', { name: 'Source picture 1 with its class colours' })).toBeTruthy();
  expect(await screen.findByRole('img', { name: 'Target picture 3 with its class colours' })).toBeTruthy();
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>('play').disabled).toBe(false));
  expect(screen.getByTestId('iou-bar-0').textContent).toBe('–');
});

test('a run moves the bars and the numbers', async () => {
  await train();
  await waitFor(() => expect(screen.getByTestId('miou').textContent).not.toBe('–'));
  const first = Number(screen.getByTestId('iou-bar-0').dataset.value);
  await waitFor(() => expect(Number(screen.getByTestId('iou-bar-0').dataset.value)).toBeGreaterThan(first));
  expect(screen.getByTestId('iou-bar-16').textContent).toBe('–');
});

test('pause holds, one step is one step, stop ends', async () => {
  await train();
  await waitFor(() => expect(stepCount()).toBeGreaterThan(2));
  await userEvent.click(screen.getByTestId('pause'));
  await waitFor(() => expect(status()).toBe('paused'));
  const held = stepCount();
  await userEvent.click(screen.getByTestId('step'));
  await waitFor(() => expect(stepCount()).toBe(held + 1));
  expect(status()).toBe('paused');
  await userEvent.click(screen.getByTestId('stop'));
  await waitFor(() => expect(status()).toBe('stopped'));
});

test('space starts and pauses; it stays a space while typing', async () => {
  renderStudio();
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>('play').disabled).toBe(false));
  await userEvent.keyboard(' ');
  await waitFor(() => expect(status()).toBe('running'));
  await userEvent.keyboard(' ');
  await waitFor(() => expect(status()).toBe('paused'));
  screen.getByTestId('setting-seed').focus();
  await userEvent.keyboard(' ');
  expect(status()).toBe('paused');
});

test('the threshold recounts what is on screen without asking the worker', async () => {
  const { studio, worker } = await train();
  await waitFor(() => expect(dataOf(studio.pictures.getState(), LATEST)).not.toBeNull());
  await userEvent.click(screen.getByTestId('pause'));
  await waitFor(() => expect(status()).toBe('paused'));
  // Pictures of the last step arrive, and the next credit is given, before everything is still.
  await waitFor(() => {
    expect(worker.sent.at(-1)).toMatchObject({
      name: 'picture.pull',
      body: { kind: 'predictions', after: stepCount() },
    });
  });
  const asked = worker.sent.length;
  for (const tau of [0, 0.37, 0.62, 1]) {
    setThreshold(studio.view, tau);
    const { pinned } = studio.pictures.getState();
    const frame = dataOf(studio.pictures.getState(), LATEST);
    const kept = frame!.predictions.map(
      ({ classes, confidence }, row) => countKept(classes, confidence, pinned[row]!.labels, tau).kept,
    );
    await waitFor(() => expect(screen.getByTestId('coverage-0').dataset.kept).toBe(String(kept[0])));
    expect(screen.getByTestId('coverage').dataset.kept).toBe(String(kept.reduce((sum, count) => sum + count, 0)));
  }
  expect(worker.sent.length).toBe(asked);
});

test('dropped files lead to a report, and the report to an import that can be paused', async () => {
  const { studio } = renderStudio();
  await waitFor(() => expect(studio.engine.getState().connection).toBe('ready'));
  await userEvent.upload(screen.getByTestId('import-file-input'), [new File(['x'], 'a.png'), new File(['y'], 'b.png')]);
  const report = await screen.findByTestId('import-report');
  expect(within(report).getByTestId('train-pairs').textContent).toBe('180');
  expect(within(report).getByTestId('issues-data.unpaired').textContent).toContain('7');
  await userEvent.click(screen.getByTestId('import-start'));
  await waitFor(() => expect(screen.getByTestId('import-progress').dataset.status).toBe('running'));
  await userEvent.click(screen.getByTestId('import-pause'));
  await waitFor(() => expect(screen.getByTestId('import-progress').dataset.status).toBe('paused'));
  expect(studio.draft.getState().target).toEqual({ kind: 'imported', id: 'dataset-1' });
});

test('files that were being imported before continue with their own options', async () => {
  const options = { name: 'half-done', size: { width: 256, height: 128 }, mode: 'grid', holdOut: 0.2 } as const;
  const resumes = { datasetId: 'dataset-9' as DatasetId, nextIndex: 77, options };
  const { worker, studio } = renderStudio({ report: { ...FAKE_REPORT, resumes } });
  await waitFor(() => expect(studio.engine.getState().connection).toBe('ready'));
  await userEvent.upload(screen.getByTestId('import-file-input'), [new File(['x'], 'a.png')]);
  expect((await screen.findByTestId('import-resumes')).textContent).toContain('77');
  await userEvent.click(screen.getByTestId('import-start'));
  await waitFor(() => {
    const start = worker.sent.find((message) => message.name === 'import.start');
    expect(start?.body).toEqual({ reportId: 'report-1', options });
  });
});

test('an unreadable drop says what, where and what to do', async () => {
  const error = new StudioError('data.unknown-layout', 'No pairs among 3 files of "holiday".', 'Arrange them.');
  const { studio } = renderStudio({ report: error });
  await waitFor(() => expect(studio.engine.getState().connection).toBe('ready'));
  await userEvent.upload(screen.getByTestId('import-file-input'), [new File(['x'], 'a.txt')]);
  const shown = await screen.findByTestId('import-error');
  expect(shown.textContent).toContain('Folder layout not recognised');
  expect(shown.textContent).toContain('holiday');
});

test('a run that was left unfinished is offered first, and waits where it was', async () => {
  const method = {
    id: 'source-only',
    produces: 'segmenter' as const,
    citation: '',
    metrics: [],
    params: {},
    needs: { sourceLabels: true, targetImages: false, targetLabels: false },
  };
  const left: RunSummary = {
    runId: 'run-left' as RunId,
    name: 'amber-otter-7',
    config: configOf(DEFAULT_DRAFT, bareRecipe(method.id, {}, 800), [method]),
    status: 'running',
    step: 120,
    progress: { stage: 0, done: 120 },
    changes: [],
    targetTiles: 400,
    createdAtMs: 5,
    updatedAtMs: 6,
    best: null,
    last: null,
    device: FAKE_DEVICE,
  };
  renderStudio({ hello: { runs: [left] } });
  await userEvent.click(await screen.findByTestId('resume-run'));
  await waitFor(() => expect(status()).toBe('paused'));
  expect(stepCount()).toBe(120);
  expect(screen.getByTestId('run-name').textContent).toBe('amber-otter-7');
  await userEvent.click(screen.getByTestId('play'));
  await waitFor(() => expect(stepCount()).toBeGreaterThan(120));
});

test('the language switches at once, in place', async () => {
  renderStudio();
  await userEvent.click(await screen.findByRole('radio', { name: 'KO' }));
  await waitFor(() => expect(screen.getByTestId('status').textContent).toBe('준비됨'));
  expect(document.documentElement.lang).toBe('ko');
});

test('a failure is a banner in words, by code, with a report', async () => {
  const { worker, studio } = renderStudio();
  await waitFor(() => expect(studio.engine.getState().connection).toBe('ready'));
  worker.fail({ code: 'gpu.out-of-memory', message: 'createBuffer failed: 2 GB', advice: 'less', context: {} });
  const banner = await screen.findByTestId('failure');
  expect(banner.dataset.code).toBe('gpu.out-of-memory');
  expect(banner.textContent).toContain('Graphics memory is full');
  expect(within(banner).getByRole('button', { name: 'Copy report' })).toBeTruthy();
});

test('a worker that died again and again offers a reload', async () => {
  const { worker, studio } = renderStudio();
  reportFailure(studio.engine, serialiseError(worker.client.crashed('out of memory')));
  const banner = await screen.findByTestId('failure');
  expect(within(banner).getByRole('button', { name: 'Reload the page' })).toBeTruthy();
});

test('without WebGPU the page works and says so', async () => {
  const device = { ...FAKE_DEVICE, backend: 'webgl', fallbackReason: 'navigator.gpu is undefined' } as const;
  renderStudio({ device });
  expect((await screen.findByTestId('fallback')).textContent).toContain('navigator.gpu is undefined');
  expect(screen.getByTestId('device-badge').dataset.backend).toBe('webgl');
});

test('a link with autorun starts the named method by itself', async () => {
  const { worker } = renderStudio({}, 'en', 'supervised');
  await waitFor(() => expect(status()).toBe('running'));
  const start = worker.sent.find((message) => message.name === 'run.start');
  expect(start?.body).toMatchObject({
    config: { recipe: { stages: [{ method: 'supervised' }] }, labelledTargets: 20 },
  });
});

test('a stored run that cannot be read is named, exported or deleted, and the others are offered', async () => {
  const reason: SerialisedError = {
    code: 'storage.corrupt',
    message: 'What is stored does not describe a run.',
    advice: '',
    context: {},
  };
  const { worker } = renderStudio({ hello: { unreadableRuns: [{ runId: 'old' as RunId, reason }] } });
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>('play').disabled).toBe(false));
  await userEvent.click(screen.getByRole('button', { name: 'Runs' }));
  const row = await screen.findByTestId('unreadable-old');
  expect(row.textContent).toContain('does not describe a run');
  await userEvent.click(within(row).getByRole('button', { name: 'Delete old' }));
  await userEvent.click(await screen.findByText('Delete the run'));
  await waitFor(() => expect(screen.queryByTestId('unreadable-old')).toBeNull());
  expect(worker.sent.some((message) => message.kind === 'request' && message.name === 'run.delete')).toBe(true);
});
