// The way on after a run ended before its time.
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { StudioError, serialiseError } from '../../../domain/errors.ts';
import { RECORDED } from '../../fake/recorded.ts';
import { leftRun } from '../../fake/scene.ts';
import { openRun, stopRun } from '../../stores/runActions.ts';
import { renderStudio } from '../../testing/renderStudio.tsx';

const run = leftRun({ recipe: 'source-only', status: 'running', share: 0.5 });

async function open(isWatched = false) {
  const page = renderStudio({ hello: { runs: [run] }, isWatched });
  const { studio, worker } = page;
  await waitFor(() => expect(studio.engine.getState().connection).toBe('ready'));
  await openRun(studio, run.runId);
  worker.sent.length = 0;
  const sent = (...names: readonly string[]) =>
    worker.sent.filter((message) => names.includes(message.name)).map(({ name, body }) => [name, body]);
  const fail = (code: 'train.diverged' | 'gpu.invalid-work') => {
    const { state } = studio.runs.getState();
    const error = serialiseError(new StudioError(code, '', ''));
    if (state !== null) worker.emit('run.state', { state: { ...state, status: 'failed', step: run.step + 7, error } });
  };
  return { ...page, sent, fail };
}

const { runId, step } = run;
const press = async (testId: string) => userEvent.click(await screen.findByTestId(testId));

test('a run that was stopped is played on', async () => {
  const { studio, sent } = await open();
  stopRun(studio);
  await press('continue-run');
  expect(sent('run.open', 'run.play')).toEqual([['run.play', { runId }]]);
  await waitFor(() => expect(screen.queryByTestId('continue-card')).toBeNull());
});

test('a run that failed is opened at its last checkpoint and played on', async () => {
  const { sent, fail } = await open();
  fail('gpu.invalid-work');
  expect((await screen.findByTestId('continue-run')).textContent).toContain(`${step}`);
  await press('continue-run');
  await waitFor(() => expect(sent('run.play')).toHaveLength(1));
  expect(sent('run.open', 'run.setParams', 'run.play')).toEqual([
    ['run.open', { runId, takeOver: false }],
    ['run.play', { runId }],
  ]);
  expect(screen.queryByTestId('failure')).toBeNull();
});

test('after divergence the learning rate is halved first', async () => {
  const { studio, sent, fail } = await open();
  fail('train.diverged');
  await press('continue-run');
  await waitFor(() => expect(sent('run.play')).toHaveLength(1));
  const method = studio.engine.getState().methods.find(({ id }) => id === 'source-only');
  const rate = Number(method?.params.learningRate?.default);
  expect(rate).toBeGreaterThan(0);
  const [stage] = run.config.recipe.stages;
  expect(sent('run.setParams')).toEqual([
    ['run.setParams', { runId, stage: stage?.id, params: { learningRate: rate / 2 } }],
  ]);
});

test.each(RECORDED.methods.map((method) => [method.id, method.params] as const))(
  '%s has one learning rate to lower',
  (_id, params) => {
    expect(Object.values(params).filter(({ role }) => role === 'learning-rate')).toHaveLength(1);
  },
);

test('a run of another tab can only be watched or taken over', async () => {
  const { sent } = await open(true);
  expect((screen.getByTestId('stop') as HTMLButtonElement).disabled).toBe(true);
  await press('take-over');
  expect(sent('run.open')).toEqual([['run.open', { runId, takeOver: true }]]);
});
