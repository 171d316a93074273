// What is remembered comes back; a browser that keeps nothing forgets, and the page opens all the same.
import { afterEach, expect, test, vi } from 'vitest';
import { createI18n, preferredLanguage, switchLanguage } from '../i18n/i18n.ts';
import { remember, remembered } from './remembered.ts';

afterEach(() => vi.unstubAllGlobals());

test('what is remembered comes back', () => {
  expect(remembered('choice')).toBeNull();
  remember('choice', 'ko');
  expect(remembered('choice')).toBe('ko');
});

test('blocked site data throws at the mention of its storage, and nothing else fails', async () => {
  const refuse = () => {
    throw new DOMException('Access is denied for this document.', 'SecurityError');
  };
  vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse });
  expect(preferredLanguage()).toBe('en');
  const i18n = createI18n('en');
  await switchLanguage(i18n, 'ko');
  expect(i18n.language).toBe('ko');
});
