// Languages: English and Korean, complete both (a test says so). The choice is kept in this browser.
import { createInstance, type i18n as I18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { remember, remembered } from '../stores/remembered.ts';
import type en from './en.json';
import { TEXTS } from './texts.ts';

export const LANGUAGES = ['en', 'ko'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The texts of panes lie in their folders: that the keys exist is for a test to say. */
interface PaneTexts {
  readonly panes: { readonly [pane: string]: { readonly [key: string]: string } };
}

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof en & PaneTexts };
  }
}

const STORED_UNDER = 'udas-studio.language';

const isLanguage = (value: unknown): value is Language => LANGUAGES.some((language) => language === value);

export function preferredLanguage(): Language {
  const stored = remembered(STORED_UNDER);
  if (isLanguage(stored)) return stored;
  return navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en';
}

export function createI18n(language: Language): I18n {
  const i18n = createInstance();
  // Resources are bundled, so that initialisation is synchronous and nothing is ever fetched.
  void i18n.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: TEXTS.en }, ko: { translation: TEXTS.ko } },
    interpolation: { escapeValue: false },
  });
  document.documentElement.lang = language;
  return i18n;
}

export async function switchLanguage(i18n: I18n, language: Language): Promise<void> {
  remember(STORED_UNDER, language);
  document.documentElement.lang = language;
  await i18n.changeLanguage(language);
}
