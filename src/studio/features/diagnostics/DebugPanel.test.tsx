// What the debug panel shows, and what its switches ask of the worker.
import { MantineProvider } from '@mantine/core';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { I18nextProvider } from 'react-i18next';
import { beforeEach, expect, test } from 'vitest';
import { createFakeWorker, type FakeWorker } from '../../fake/fakeWorker.ts';
import { createI18n } from '../../i18n/i18n.ts';
import { createStudio } from '../../stores/studio.ts';
import { StudioContext } from '../../stores/studioContext.ts';
import { DebugPanel } from './DebugPanel.tsx';

let worker: FakeWorker;

beforeEach(async () => {
  worker = createFakeWorker();
  render(
    <I18nextProvider i18n={createI18n('en')}>
      <MantineProvider env="test">
        <StudioContext value={createStudio(worker.client)}>
          <DebugPanel />
        </StudioContext>
      </MantineProvider>
    </I18nextProvider>,
  );
  await screen.findByTestId('debug-info');
});

const asked = () => worker.sent.filter(({ name }) => name === 'debug.inspect').map(({ body }) => body);

test('memory, kernels and the text of every program are shown', async () => {
  expect(screen.getByRole('region', { name: 'Planned memory of a step' }).textContent).toContain('214');
  expect(screen.getByRole('region', { name: 'Kernels of convolutions' }).textContent).toContain('broadcast filter');
  await userEvent.click(screen.getByText('fake {"width":4}'));
  expect(screen.getByText(/@compute @workgroup_size/)).toBeTruthy();
});

test('steps run eagerly while the switch says so', async () => {
  const eager = screen.getByRole<HTMLInputElement>('switch', { name: 'Run steps eagerly' });
  await userEvent.click(eager);
  await waitFor(() => expect(eager.checked).toBe(true));
  await userEvent.click(eager);
  await waitFor(() => expect(eager.checked).toBe(false));
  expect(asked()).toEqual([{}, { eager: true }, { eager: false }]);
});

test('the next step is timed when asked, and its programs are listed with what they took', async () => {
  const times = within(screen.getByRole('region', { name: 'GPU time of a step, by program' }));
  expect(times.getByText(/None yet/)).toBeTruthy();
  await userEvent.click(screen.getByText('Time the next step'));
  expect(await times.findByText('21 × 0.155 = 3.25 ms')).toBeTruthy();
  expect(times.getByText('22 dispatches, 3.75 ms')).toBeTruthy();
  expect(asked()).toEqual([{}, { timeNextStep: true }]);
});
