// The way to the fake scenes. That each of them can be set is seen in a browser (e2e/scenes.spec.ts).
import { render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { createI18n } from '../i18n/i18n.ts';
import { SCENES, showScene } from './showScene.tsx';

test('an unknown scene lists all there are, each a link', async () => {
  await showScene('no-such-scene', createI18n('en'), (page) => {
    render(page);
  });
  const links = screen.getAllByRole('link').map((link) => link.getAttribute('href'));
  expect(links).toEqual(Object.keys(SCENES).map((name) => `?fake=${name}`));
  expect(links).toContain('?fake=training');
});

test('a scene is set through the stores, as a person would', async () => {
  await showScene('paused', createI18n('en'), (page) => {
    render(page);
  });
  expect((await screen.findByTestId('status')).dataset.status).toBe('paused');
  expect(screen.getByTestId('step-count').dataset.step).toBe('400');
});
