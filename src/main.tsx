// Mounts the studio: opens the worker, joins it to the stores, renders; or shows a fake scene. The only file index.html names.
import '@mantine/core/styles.css';
import './studio/app/global.css';
import { createRoot } from 'react-dom/client';
import { Client } from './bridge/client.ts';
import { invariant, serialiseError } from './domain/errors.ts';
import workerUrl from './hosts/browser/worker.ts?worker&url';
import { App } from './studio/app/App.tsx';
import { connect, reconnect } from './studio/app/connect.ts';
import { draftFromHash, keepHash } from './studio/app/draftHash.ts';
import { removePeerConnections } from './studio/app/withoutPeers.ts';
import { WorkerKeeper } from './studio/app/workerKeeper.ts';
import { openWorkerPort } from './studio/app/workerPort.ts';
import { createI18n, preferredLanguage } from './studio/i18n/i18n.ts';
import { reportFailure } from './studio/stores/engine.ts';
import { createStudio } from './studio/stores/studio.ts';

removePeerConnections();
const root = document.getElementById('root');
invariant(root !== null, () => 'index.html has no element with the id "root".');

const i18n = createI18n(preferredLanguage());
const page = createRoot(root);
const query = new URLSearchParams(location.search);
const scene = query.get('fake');
if (scene === null) {
  const port = openWorkerPort(workerUrl);
  const client = new Client(port);
  const studio = createStudio(client, draftFromHash(location.hash));
  const keeper = new WorkerKeeper(
    {
      client,
      open: () => openWorkerPort(workerUrl),
      reconnect: (reason) => reconnect(studio, reason),
      giveUp: (reason) => {
        studio.engine.setState({ connection: 'lost' });
        reportFailure(studio.engine, serialiseError(reason));
      },
    },
    port,
  );
  keeper.start();
  keepHash(studio);
  page.render(<App studio={studio} i18n={i18n} />);
  void connect(studio, query.get('autorun'));
} else {
  const { showScene } = await import('./studio/fake/showScene.tsx');
  await showScene(scene, i18n, (shown) => page.render(shown));
}
