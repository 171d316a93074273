// All texts of a language: the page's own, and those that lie beside what they speak of: `texts.json` in a folder that is a
// thing, `<name>.texts.json` beside a file that is one, both languages in each, under the keys that the page looks up.
import en from './en.json' with { type: 'json' };
import ko from './ko.json' with { type: 'json' };

export type TextTree = string | { readonly [key: string]: TextTree };
type Branch = Exclude<TextTree, string>;
interface Texts {
  readonly en: Branch;
  readonly ko: Branch;
}

/** By the path of their file. */
export const TEXTS_BESIDE: Readonly<Record<string, Texts>> = import.meta.glob<Texts>('../../**/{texts,*.texts}.json', {
  eager: true,
  import: 'default',
});

/** Both trees in one. Throws where both have a text under the same key: one of the two would never be seen. */
export function mergeTexts(a: Branch, b: Branch, path = ''): Branch {
  const merged: Record<string, TextTree> = { ...a };
  for (const [key, added] of Object.entries(b)) {
    const there = merged[key];
    if (there === undefined) merged[key] = added;
    else if (typeof there === 'string' || typeof added === 'string') throw new Error(`Two texts for ${path}${key}.`);
    else merged[key] = mergeTexts(there, added, `${path}${key}.`);
  }
  return merged;
}

const allOf = (language: keyof Texts, own: Branch): Branch =>
  Object.values(TEXTS_BESIDE).reduce((all, texts) => mergeTexts(all, texts[language]), own);

export const TEXTS: Texts = { en: allOf('en', en), ko: allOf('ko', ko) };
