// Which labels belong to which photo: the same place, part and name. What is left over is matched across containers (one archive
// for the photos, another for the labels), never across drives, and only where the name occurs once on either side.
import type { RoledFile } from './roles.ts';

export interface Matches {
  /** Labels of each photo, best first. */
  readonly labels: ReadonlyMap<RoledFile, readonly RoledFile[]>;
  /** Photos whose labels lie in a container of another name. */
  readonly across: ReadonlySet<RoledFile>;
}

const addTo = <T>(groups: Map<string, T[]>, key: string, item: T): void => {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
};

const keyOf = (places: string, part: string, name: string): string => `${places}\n${part}\n${name}`;
const placesOf = ({ places }: RoledFile): string => places.map(({ name }) => name).join('/');

export function matchLabels(photos: readonly RoledFile[], labels: readonly RoledFile[]): Matches {
  const matched = new Map<RoledFile, readonly RoledFile[]>();
  const byName = { full: new Map<string, RoledFile[]>(), bare: new Map<string, RoledFile[]>() };
  // A label whose whole name a photo has belongs to that photo, not to one of its bare name (`0_L.png` beside `0.png`).
  const wholes = new Set(photos.map((photo) => keyOf(placesOf(photo), photo.part, photo.full)));
  for (const label of labels) {
    const whole = keyOf(placesOf(label), label.part, label.full);
    addTo(byName.full, whole, label);
    if (!wholes.has(whole)) addTo(byName.bare, keyOf(placesOf(label), label.part, label.bare), label);
  }
  for (const photo of photos) {
    const found = namesakes(photo, placesOf(photo), byName);
    if (found.length > 0)
      matched.set(
        photo,
        found.toSorted((a, b) => a.rank - b.rank),
      );
  }
  const across = new Set([...matchAcross(photos, labels, matched), ...matchAcrossParts(photos, labels, matched)]);
  return { labels: matched, across };
}

/** Labels of a photo's name in one place: of the same whole name before those of the same bare one (`0_L.png` in both folders). */
function namesakes(
  { part, full, bare }: RoledFile,
  places: string,
  { full: byFull, bare: byBare }: { full: ReadonlyMap<string, RoledFile[]>; bare: ReadonlyMap<string, RoledFile[]> },
): readonly RoledFile[] {
  const whole = byFull.get(keyOf(places, part, full)) ?? [];
  const others = [
    ...(byBare.get(keyOf(places, part, full)) ?? []),
    ...(full === bare
      ? []
      : [...(byBare.get(keyOf(places, part, bare)) ?? []), ...(byFull.get(keyOf(places, part, bare)) ?? [])]),
  ];
  return [...new Set(whole.length > 0 && full !== bare ? whole : [...whole, ...others])];
}

/** Adds matches across containers to `matched`; returns their photos. */
function matchAcross(
  photos: readonly RoledFile[],
  labels: readonly RoledFile[],
  matched: Map<RoledFile, readonly RoledFile[]>,
): ReadonlySet<RoledFile> {
  const reduce = reducer(photos, labels);
  const used = new Set([...matched.values()].flat());
  const photosByKey = new Map<string, RoledFile[]>();
  const labelsByKey = new Map<string, RoledFile[]>();
  const wholeOf = (files: readonly RoledFile[]): ReadonlySet<string> =>
    new Set(files.map((file) => `${reduce(file)}\n${file.full}`));
  const photoWholes = wholeOf(photos);
  const labelWholes = wholeOf(labels);
  for (const photo of photos) {
    const places = reduce(photo);
    const name = labelWholes.has(`${places}\n${photo.full}`) ? photo.full : photo.bare;
    if (places !== null) addTo(photosByKey, `${places}\n${name}`, photo);
  }
  for (const label of labels) {
    const places = reduce(label);
    const name = photoWholes.has(`${places}\n${label.full}`) ? label.full : label.bare;
    if (places !== null) addTo(labelsByKey, `${places}\n${name}`, label);
  }
  const across = new Set<RoledFile>();
  for (const [key, group] of photosByKey) {
    for (const photo of group) {
      if (matched.has(photo)) continue;
      const fits = ({ part }: RoledFile): boolean => part === photo.part || part === '' || photo.part === '';
      const rivals = group.filter(fits);
      const candidates = (labelsByKey.get(key) ?? []).filter((label) => fits(label) && !used.has(label));
      const isOnePlace =
        new Set(candidates.map((label) => `${placesOf(label)}\n${label.part}\n${label.bare}`)).size === 1;
      if (rivals.length !== 1 || !isOnePlace) continue;
      matched.set(
        photo,
        candidates.toSorted((a, b) => a.rank - b.rank),
      );
      across.add(photo);
    }
  }
  return across;
}

/**
 * Adds matches across the parts of a download that was cut into several archives: the same place within, whatever the archive, of a
 * name that occurs once on either side.
 */
function matchAcrossParts(
  photos: readonly RoledFile[],
  labels: readonly RoledFile[],
  matched: Map<RoledFile, readonly RoledFile[]>,
): ReadonlySet<RoledFile> {
  const within = ({ places }: RoledFile): string =>
    places.flatMap(({ name, isArchive }) => (isArchive ? [] : [name])).join('/');
  const keyWithin = (file: RoledFile, name: string): string => keyOf(within(file), file.part, name);
  const byName = new Map<string, RoledFile[]>();
  for (const label of labels) {
    for (const name of new Set([label.full, label.bare])) addTo(byName, keyWithin(label, name), label);
  }
  const namesakesOf = new Map<string, RoledFile[]>();
  for (const photo of photos) addTo(namesakesOf, keyWithin(photo, photo.bare), photo);
  const used = new Set([...matched.values()].flat());
  const across = new Set<RoledFile>();
  for (const photo of photos) {
    if (matched.has(photo) || !photo.places.some(({ isArchive }) => isArchive)) continue;
    const found = byName.get(keyWithin(photo, photo.full)) ?? byName.get(keyWithin(photo, photo.bare)) ?? [];
    const isOnePlace = new Set(found.map(placesOf)).size === 1;
    const isFree = found.every((label) => !used.has(label));
    if (!isOnePlace || !isFree || namesakesOf.get(keyWithin(photo, photo.bare))?.length !== 1) continue;
    matched.set(
      photo,
      found.toSorted((a, b) => a.rank - b.rank),
    );
    across.add(photo);
  }
  return across;
}

/**
 * Takes from a file's places what only its side knows: names of containers; and a folder that all of its side lies in while the
 * other side has none of its own (`images/10k/` beside `labels/`). Null where something remains that the other side lacks: two
 * drives are two drives, even if one has photos alone and the other labels alone.
 */
function reducer(photos: readonly RoledFile[], labels: readonly RoledFile[]): (file: RoledFile) => string | null {
  const known = { photo: new Set<string>(), labels: new Set<string>() };
  for (const file of [photos, labels].flat()) for (const { name } of file.places) known[file.role].add(name);
  const own = { photo: new Set<string>(), labels: new Set<string>() };
  for (const file of [photos, labels].flat()) {
    const other = known[file.role === 'photo' ? 'labels' : 'photo'];
    for (const { name, isContainer } of file.places) if (!isContainer && !other.has(name)) own[file.role].add(name);
  }
  const isConstant = (role: RoledFile['role'], other: RoledFile['role']): boolean =>
    own[role].size === 1 && own[other].size === 0;
  const mayDrop = { photo: isConstant('photo', 'labels'), labels: isConstant('labels', 'photo') };
  return ({ role, places }) => {
    const other = known[role === 'photo' ? 'labels' : 'photo'];
    const kept = places.filter(({ name }) => other.has(name));
    const dropped = places.filter(({ name, isContainer }) => !other.has(name) && !isContainer);
    if (dropped.length > 0 && !mayDrop[role]) return null;
    return kept.map(({ name }) => name).join('/');
  };
}
