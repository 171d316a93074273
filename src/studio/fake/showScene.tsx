// The page on the fake worker, for `/?fake=<scene>`: every state of the studio without a GPU, data or waiting. Loaded only then.
import type { i18n as I18n } from 'i18next';
import type { ReactNode } from 'react';
import { ownEntry } from '../../domain/ownEntry.ts';
import { App } from '../app/App.tsx';
import { connect } from '../app/connect.ts';
import { createStudio } from '../stores/studio.ts';
import { createFakeWorker } from './fakeWorker.ts';
import type { Scene } from './scene.ts';

/** By name, as the address bar has it. */
export const SCENES: Readonly<Record<string, Scene>> = Object.fromEntries(
  Object.entries(import.meta.glob<Scene>('./scenes/*.ts', { eager: true, import: 'scene' })).map(([path, scene]) => [
    path.replace(/^.*\/|\.ts$/g, ''),
    scene,
  ]),
);

/** Shows a scene, or the list of them where there is none of that name. Resolves when the scene is set. */
export async function showScene(
  name: string,
  i18n: I18n,
  render: (page: ReactNode) => void,
  scenes: Readonly<Record<string, Scene>> = SCENES,
): Promise<void> {
  const scene = ownEntry(scenes, name);
  if (scene === undefined) {
    render(<SceneList scenes={scenes} />);
    return;
  }
  const worker = createFakeWorker(scene.worker);
  const studio = createStudio(worker.client, scene.draft ?? {});
  render(<App studio={studio} i18n={i18n} />);
  const said = connect(studio);
  if (scene.worker?.silent !== true) await said;
  await scene.play?.({ studio, worker });
  document.documentElement.dataset.scene = name;
}

function SceneList({ scenes }: { readonly scenes: Readonly<Record<string, Scene>> }) {
  return (
    <main style={{ padding: 24 }}>
      <h1>Fake scenes</h1>
      <ul>
        {Object.entries(scenes).map(([name, { shows }]) => (
          <li key={name}>
            <a href={`?fake=${name}`}>{name}</a>: {shows}
          </li>
        ))}
      </ul>
    </main>
  );
}
