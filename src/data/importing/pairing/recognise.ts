// Which layout a drop follows: the one whose signs show in most of its photos or labels. Told from paths alone; what looks like any
// folder of pictures is `plain` until its labels tell more.

import type { Layout } from '../../layouts/core/layout.ts';
import { LAYOUTS } from '../../layouts/registry.ts';

export const PLAIN_LAYOUT = 'plain';

const shareOf = (paths: readonly string[], { signs }: Layout): number =>
  paths.length === 0 ? 0 : paths.filter((path) => signs.some((sign) => sign.test(path))).length / paths.length;

/** Layouts of which any sign shows: their folder names are believed. */
export function layoutsShown(paths: readonly string[]): readonly Layout[] {
  return LAYOUTS.filter(({ signs }) => signs.length > 0 && paths.some((path) => signs.some((sign) => sign.test(path))));
}

/** Id of the layout of what was paired. */
export function layoutOf(photos: readonly string[], labels: readonly string[]): string {
  const shown = LAYOUTS.map((layout) => ({ layout, photos: shareOf(photos, layout), labels: shareOf(labels, layout) }))
    .filter((share) => Math.max(share.photos, share.labels) >= 0.5)
    .sort((a, b) => b.photos + b.labels - a.photos - a.labels);
  const [best] = shown;
  if (best === undefined) return PLAIN_LAYOUT;
  return shown.find(({ layout }) => layout.refines === best.layout.id)?.layout.id ?? best.layout.id;
}

/** The layout that a plain drop turns out to be once its coding is known: the only one that is published in it. */
export function layoutOfCoding(layout: string, coding: string | null): string {
  if (layout !== PLAIN_LAYOUT || coding === null) return layout;
  const publishers = LAYOUTS.filter(({ codings }) => codings.includes(coding));
  return publishers.length === 1 ? (publishers[0]?.id ?? layout) : layout;
}
