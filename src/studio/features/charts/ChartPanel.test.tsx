// Every metric of a run can be seen by a person, also those of other groups than losses and rates.
import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { I18nextProvider } from 'react-i18next';
import { expect, test } from 'vitest';
import { createFakeWorker } from '../../fake/fakeWorker.ts';
import { createI18n } from '../../i18n/i18n.ts';
import { appendMetrics } from '../../stores/metrics.ts';
import { createStudio } from '../../stores/studio.ts';
import { StudioContext } from '../../stores/studioContext.ts';
import { ChartPanel } from './ChartPanel.tsx';

test('losses and rates are in view; quality and cost are one press away, with their units', async () => {
  const studio = createStudio(createFakeWorker({}).client);
  studio.engine.setState({
    metrics: [
      { key: 'train/a', label: 'A', group: 'loss', unit: '' },
      { key: 'sys/heat', label: 'Heat', group: 'system', unit: 'K' },
      { key: 'sys/step_ms', label: 'In development', group: 'system', unit: 'ms' },
      { key: 'sys/room', label: 'Room', group: 'system', unit: 'K' },
    ],
  });
  const one = { steps: Float64Array.of(1), values: Float64Array.of(0.5) };
  const measured = ['train/a', 'train/nobody', 'sys/heat', 'sys/step_ms', 'sys/room'];
  appendMetrics(studio.metrics, Object.fromEntries(measured.map((key) => [key, one])));
  render(
    <I18nextProvider i18n={createI18n('en')}>
      <MantineProvider>
        <StudioContext.Provider value={studio}>
          <ChartPanel />
        </StudioContext.Provider>
      </MantineProvider>
    </I18nextProvider>,
  );
  const figures = () => screen.getAllByRole('figure').map((figure) => figure.getAttribute('aria-label'));
  const look = (name: string) => userEvent.click(screen.getByRole('radio', { name }));
  expect(figures()).toEqual(['Loss', 'Learning rate']);
  await look('Quality');
  // Nobody declares it: it goes by its key.
  expect(figures()).toEqual(['train/nobody', 'Pixel accuracy over steps']);
  await look('System');
  // One chart for each unit; one metric alone names it, in its translation where there is one.
  expect(figures()).toEqual(['System, K', 'Step time, ms']);
  expect(screen.getByText('Heat, K')).toBeTruthy();
});
