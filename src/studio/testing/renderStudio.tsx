// Renders the whole studio on a fake worker, for component tests.
import { render } from '@testing-library/react';
import { onTestFinished } from 'vitest';
import { App } from '../app/App.tsx';
import { connect } from '../app/connect.ts';
import { createFakeWorker, type FakeWorker, type FakeWorkerOptions } from '../fake/fakeWorker.ts';
import { createI18n, type Language } from '../i18n/i18n.ts';
import { createStudio, type Studio } from '../stores/studio.ts';

interface Rendered {
  readonly worker: FakeWorker;
  readonly studio: Studio;
}

export function renderStudio(
  options: FakeWorkerOptions = {},
  language: Language = 'en',
  autorun: string | null = null,
): Rendered {
  const worker = createFakeWorker({ stepMs: 20, ...options });
  const studio = createStudio(worker.client, { evaluateEvery: 4 });
  render(<App studio={studio} i18n={createI18n(language)} />);
  void connect(studio, autorun);
  // A run that goes on would ask a page that is no more for pictures.
  onTestFinished(() => worker.close());
  return { worker, studio };
}
