// Mounts the studio: opens the worker, joins it to the stores, renders; or shows a fake scene. The only file index.html names.
import '@mantine/core/styles.css';
import './studio/app/global.css';
import { createRoot } from 'react-dom/client';
import { Client } from './bridge/client.ts';
import { invariant } from './domain/errors.ts';
import workerUrl from './hosts/browser/worker.ts?worker&url';
import { App } from './studio/app/App.tsx';
import { connect } from './studio/app/connect.ts';
import { draftFromHash, keepHash } from './studio/app/draftHash.ts';
import { removePeerConnections } from './studio/app/withoutPeers.ts';
import { openWorkerPort } from './studio/app/workerPort.ts';
import { createI18n, preferredLanguage } from './studio/i18n/i18n.ts';
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
  port.onCrash((reason) => client.crashed(reason));
  const studio = createStudio(client, draftFromHash(location.hash));
  keepHash(studio);
  page.render(<App studio={studio} i18n={i18n} />);
  void connect(studio, query.get('autorun'));
} else {
  const { showScene } = await import('./studio/fake/showScene.tsx');
  await showScene(scene, i18n, (shown) => page.render(shown));
}
