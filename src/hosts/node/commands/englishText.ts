// The English texts that lie beside what they speak of, for the command line; the page merges both languages (studio/i18n).
type TextTree = string | { readonly [key: string]: TextTree };

const files = import.meta.glob<TextTree>('../../../{data,engine,session,studio/panes}/**/{texts,*.texts}.json', {
  eager: true,
  import: 'en',
});

/** The text under a key such as `methods.cutmix.name`; null where there is none. */
export function englishText(key: string): string | null {
  for (const tree of Object.values(files)) {
    const text = key
      .split('.')
      .reduce<TextTree | undefined>((node, part) => (typeof node === 'object' ? node[part] : undefined), tree);
    if (typeof text === 'string') return text;
  }
  return null;
}
