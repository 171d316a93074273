// The settings in the address: only what differs from the default, so that a link says what is special about it.
import { ownEntry } from '../../domain/ownEntry.ts';
import { DEFAULT_DRAFT, type DraftState } from '../stores/draft.ts';
import type { Studio } from '../stores/studio.ts';

interface Field {
  /** The field's text, from settings. */
  write(draft: DraftState): string;
  /** What the text means; null if it means nothing. */
  read(text: string, draft: DraftState): Partial<DraftState> | null;
}

const whole = (key: 'seed' | 'steps' | 'labelledTargets', min: number, max: number): Field => ({
  write: (draft) => String(draft[key]),
  read: (text) => {
    const value = Number(text);
    return Number.isInteger(value) && value >= min && value <= max ? { [key]: value } : null;
  },
});
const gap = (key: 'styleGap' | 'layoutGap'): Field => ({
  write: ({ scenes }) => String(scenes[key]),
  read: (text, { scenes }) => {
    const value = Number(text);
    return text !== '' && value >= 0 && value <= 1 ? { scenes: { ...scenes, [key]: value } } : null;
  },
});
const id = (key: 'network' | 'method'): Field => ({
  write: (draft) => draft[key],
  read: (text) => (/^[a-z0-9-]{1,40}$/.test(text) ? { [key]: text } : null),
});

const FIELDS: Readonly<Record<string, Field>> = {
  recipe: {
    write: (draft) => draft.recipe ?? '',
    read: (text) => (/^[a-z0-9+-]{1,40}$/.test(text) ? { recipe: text } : null),
  },
  length: {
    write: (draft) => String(draft.recipeLength),
    read: (text) => {
      const value = Number(text);
      return value >= 0.01 && value <= 1000 ? { recipeLength: value } : null;
    },
  },
  method: id('method'),
  network: id('network'),
  labels: whole('labelledTargets', 1, 100_000),
  style: gap('styleGap'),
  layout: gap('layoutGap'),
  size: {
    write: ({ scenes: { size } }) => `${size.width}x${size.height}`,
    read: (text, { scenes }) => {
      const [, width, height] = /^(\d{2,4})x(\d{2,4})$/.exec(text) ?? [];
      return width === undefined || height === undefined
        ? null
        : { scenes: { ...scenes, size: { width: Number(width), height: Number(height) } } };
    },
  },
  seed: whole('seed', 0, 2147483647),
  steps: whole('steps', 1, 1_000_000),
};

export function hashOf(draft: DraftState): string {
  const parts = new URLSearchParams();
  for (const [key, field] of Object.entries(FIELDS)) {
    const text = field.write(draft);
    if (text !== field.write(DEFAULT_DRAFT)) parts.set(key, text);
  }
  return parts.toString();
}

/** Reads a link leniently: what is unknown or out of range is left at its default. */
export function draftFromHash(hash: string): Partial<DraftState> {
  let draft: DraftState = DEFAULT_DRAFT;
  for (const [key, text] of new URLSearchParams(hash.replace(/^#/, ''))) {
    const part = ownEntry(FIELDS, key)?.read(text, draft);
    if (part) draft = { ...draft, ...part };
  }
  return draft;
}

/** Keeps the address at the settings; never adds to the browser's history. */
export function keepHash({ draft }: Studio): void {
  draft.subscribe((state) => {
    const hash = hashOf(state);
    const { pathname, search } = location;
    history.replaceState(null, '', hash === '' ? pathname + search : `${pathname}${search}#${hash}`);
  });
}
