// What the palette of label files says about a coding. A palette that paints the used indices in a coding's own colours shows that the
// indices are its values; one that paints them in another coding's colours shows that they are not. Grey ramps, black and the colours
// that tools put into any file say nothing.
import { type Coding, UNDEFINED_LABEL } from '../../codings/core/coding.ts';
import type { LabelLook } from './look.ts';

/** Indices below this share of the pixels are noise. */
const NOISE = 0.001;

const isGrey = (key: number): boolean => {
  const red = key >> 16;
  return red === ((key >> 8) & 255) && red === (key & 255);
};

interface Agreement {
  /** Share of the pixels whose index is a class of the coding and has its colour; colours only, no greys. */
  readonly same: number;
  /** Share of those whose index has another colour than the coding's. */
  readonly other: number;
}

function agreement({ values, palette, pixels }: LabelLook, coding: Coding): Agreement {
  let [same, other] = [0, 0];
  for (const [index, count] of values ?? []) {
    const share = count / pixels;
    const shown = palette?.get(index);
    if (share < NOISE || shown === undefined) continue;
    const isPainted = !isGrey(shown);
    if (coding.values === null) {
      // A coding of colours: any index may show them.
      const meant = coding.colours?.get(shown) ?? UNDEFINED_LABEL;
      if (meant === UNDEFINED_LABEL) other += share;
      else if (isPainted) same += share;
      continue;
    }
    const meant = coding.values[index] ?? UNDEFINED_LABEL;
    if (meant >= UNDEFINED_LABEL) continue;
    if (shown !== coding.palette?.get(index)) other += share;
    else if (isPainted) same += share;
  }
  return { same, other };
}

export type PaletteVerdict =
  /** It is the coding's own. */
  | 'proof'
  /** Its colours are all the coding's, which knows colours only; the indices follow no coding. */
  | 'colours'
  /** It is the coding's own, which tools put into other files, too. */
  | 'tool'
  /** It is another coding's. */
  | 'contradiction'
  | 'silent';

/** The verdict on each of `codings` over all looks; `silent` for those that are not listed. */
export function paletteVerdicts(
  looks: readonly LabelLook[],
  codings: readonly Coding[],
): ReadonlyMap<Coding, PaletteVerdict> {
  const painted = looks.filter(({ palette }) => palette !== null);
  if (painted.length === 0) return new Map();
  const agreements = new Map(
    codings.map((coding) => {
      const each = painted.map((look) => agreement(look, coding));
      const same = each.reduce((sum, one) => sum + one.same, 0) / painted.length;
      const other = each.reduce((sum, one) => sum + one.other, 0) / painted.length;
      return [coding, { same, other }] as const;
    }),
  );
  const byIndex = (coding: Coding): boolean => coding.values !== null;
  const isOwn = ({ same, other }: Agreement): boolean => same > 0.05 && other === 0;
  const isTool = [...agreements].some(([coding, found]) => coding.isToolPalette === true && isOwn(found));
  // A tool's palette shares colours with lists of colours by chance.
  const strong = [...agreements].filter(
    ([coding, found]) =>
      coding.isToolPalette !== true &&
      !(isTool && !byIndex(coding)) &&
      (isOwn(found) || (found.same >= 0.5 && found.other < 0.2)),
  );
  const hasIndexProof = strong.some(([coding, found]) => byIndex(coding) && isOwn(found));
  const verdictOf = (coding: Coding, found: Agreement): PaletteVerdict => {
    if (coding.isToolPalette === true && isOwn(found)) return 'tool';
    if (isOwn(found) && byIndex(coding)) return 'proof';
    if (isOwn(found) && !isTool) return hasIndexProof ? 'silent' : 'colours';
    const isContradicted = byIndex(coding) && found.other > 0 && found.same < 0.05;
    return isContradicted && strong.some(([rival]) => rival !== coding) ? 'contradiction' : 'silent';
  };
  return new Map([...agreements].map(([coding, found]) => [coding, verdictOf(coding, found)]));
}
