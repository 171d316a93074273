// What part each file of a drop plays, from its path alone: photo, labels, or none, and then why. Choices of the person come first,
// then file names that promise something, then folders, then company: `a_mask.png` beside `a.jpg`.
import picomatch from 'picomatch';
import type { UnusedReason } from '../../../domain/importing.ts';
import { isPanopticTable } from '../../codings/core/panoptic.ts';
import type { LabelName, Layout, PhotoName } from '../../layouts/core/layout.ts';
import { isPictureExtension } from '../../layouts/core/paths.ts';
import type { SourceFile } from '../../ports.ts';
import { commonRoot, extensionOf, isClutter, stemOf } from '../paths.ts';
import { type Folder, type Place, readFolders } from './folders.ts';
import { barePhotoStem, comparable, readLabelEnding } from './words.ts';

/** What a person said about which files are which. */
export interface RoleChoices {
  /** Glob of the photos, on paths within the drop. */
  readonly photos?: string;
  /** Glob of the labels. */
  readonly labelsIn?: string;
}

export interface RoledFile {
  readonly file: SourceFile;
  readonly role: 'photo' | 'labels';
  readonly places: readonly Place[];
  readonly part: string;
  /** The whole stem, to compare. */
  readonly full: string;
  /** The stem without what names its role, to compare. */
  readonly bare: string;
  /** As it should be shown. */
  readonly name: string;
  /** Coding that the name promises; null: look inside. */
  readonly coding: string | null;
  /** Of several label files for one photo, the lowest is taken; and so of several renderings of a photo. */
  readonly rank: number;
  /** Which of several label files of one photo it is: folder words and ending. */
  readonly rendering: string;
  /** Photos: the ending that a layout knows, or null. */
  readonly photoName: PhotoName | null;
}

export interface UnusedFile {
  readonly file: SourceFile;
  readonly why: UnusedReason;
}

export interface Roles {
  readonly photos: readonly RoledFile[];
  readonly labels: readonly RoledFile[];
  readonly unused: readonly UnusedFile[];
  /** Pictures of which nothing tells what they are. */
  readonly open: readonly SourceFile[];
}

/** Ranks of labels whose names promise nothing: numbers before colours. */
const UNNAMED_RANK = 5;
const COLOUR_RANK = 7;
const PANOPTIC_RANK = 9;
/** A photo as it was taken goes before its renderings. */
const AS_TAKEN = -1;

const folderOfPath = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Paths within the drop: a first folder that all share is the drop's own, whatever its name. */
function withinDrop(files: readonly SourceFile[]): (path: string) => string {
  const root = commonRoot(files.map(({ path }) => path));
  return root === null ? (path) => path : (path) => path.slice(root.length + 1);
}

const globOf = (glob: string | undefined, within: (path: string) => string): ((path: string) => boolean) | null => {
  if (glob === undefined) return null;
  const matches = picomatch(glob, { nocase: true, dot: true });
  return (path) => matches(path) || matches(within(path));
};

/** Roles of all files. `layouts` are those that show in the drop; file names are read in the words of `vocabulary`. */
export function assignRoles(
  files: readonly SourceFile[],
  layouts: readonly Layout[],
  vocabulary: readonly Layout[],
  choices: RoleChoices = {},
): Roles {
  const archiveRoots = new Set(files.flatMap(({ archive }) => (archive === undefined ? [] : [archive])));
  const within = withinDrop(files);
  const rules = rulesOf(vocabulary);
  const isOfUse = (path: string): boolean =>
    isPictureExtension(extensionOf(path)) || annotationRule(path, rules) !== null;
  const pictures = files.filter(({ path }) => !isClutter(within(path)) && isOfUse(path));
  const folders = readFolders(new Set(pictures.map(({ path }) => folderOfPath(path))), archiveRoots, layouts);
  const isInLabels = ({ path }: SourceFile): boolean => folders.get(folderOfPath(path))?.meaning === 'labels';
  const hasPanopticTable = files.some(({ path }) => isPanopticTable(path));
  const company = {
    hasPanopticTable,
    stems: new Set(pictures.map(({ path }) => `${folderOfPath(path)}\n${comparable(stemOf(path))}`)),
    labelStems: new Set(pictures.filter(isInLabels).map(({ path }) => comparable(stemOf(path)))),
  };
  const isPhoto = globOf(choices.photos, within);
  const isLabels = globOf(choices.labelsIn, within);
  const roles = {
    photos: [] as RoledFile[],
    labels: [] as RoledFile[],
    unused: [] as UnusedFile[],
    open: [] as SourceFile[],
  };
  for (const file of files) {
    const { path } = file;
    if (isClutter(within(path))) {
      roles.unused.push({ file, why: 'clutter' });
      continue;
    }
    const folder = folders.get(folderOfPath(path));
    const isAnnotation = annotationRule(path, rules) !== null;
    if (folder === undefined || !(isAnnotation || isPictureExtension(extensionOf(path)))) {
      roles.unused.push({ file, why: 'not-a-picture' });
      continue;
    }
    const chosen = chosenRole(path, isPhoto, isLabels);
    const told = chosen ?? withoutChosen(roleOf(path, folder, rules, company), isPhoto, isLabels);
    const place = chosen === null ? folder : anyPlace(folder);
    if (told === 'photo') roles.photos.push(photoOf(file, place, rules));
    else if (told === 'labels') roles.labels.push(labelsOf(file, place, rules));
    else if (told === null) roles.open.push(file);
    else roles.unused.push({ file, why: told });
  }
  return settleOpen(roles, folders, rules, company);
}

interface Rules {
  readonly photos: readonly PhotoName[];
  readonly labels: readonly LabelName[];
  readonly unused: readonly { readonly ends: RegExp; readonly why: UnusedReason }[];
}

const rulesOf = (layouts: readonly Layout[]): Rules => ({
  photos: layouts.flatMap(({ photos = [] }) => photos),
  labels: layouts.flatMap(({ labels = [] }) => labels).sort((a, b) => a.rank - b.rank),
  unused: layouts.flatMap(({ unused = [] }) => unused),
});

/** The rule that takes most of a stem away: `_gtFine_labelTrainIds` before `_labelTrainIds`. */
function longest<Rule extends { readonly ends: RegExp }>(
  rules: readonly Rule[],
  stem: string,
): { rule: Rule; bare: string } | null {
  let best: { rule: Rule; bare: string } | null = null;
  for (const rule of rules) {
    const at = stem.search(rule.ends);
    if (at > 0 && (best === null || at < best.bare.length)) best = { rule, bare: stem.slice(0, at) };
  }
  return best;
}

/** The rule of an annotation that can be drawn. */
const annotationRule = (path: string, { labels }: Rules): LabelName | null =>
  extensionOf(path) === 'json'
    ? (labels.find(({ ends, extension }) => extension === 'json' && ends.test(stemOf(path))) ?? null)
    : null;

type Told = 'photo' | 'labels' | UnusedReason | null;

type Test = ((path: string) => boolean) | null;

/** What the person's globs say of a file. */
function chosenRole(path: string, isPhoto: Test, isLabels: Test): 'photo' | 'labels' | null {
  if (isLabels?.(path) === true) return 'labels';
  return isPhoto?.(path) === true ? 'photo' : null;
}

/** A side that was chosen has no other files than the chosen ones; a glob for one side leaves the other to the names. */
function withoutChosen(told: Told, isPhoto: Test, isLabels: Test): Told {
  const isTaken = (told === 'photo' && isPhoto !== null) || (told === 'labels' && isLabels !== null);
  const isBoth = told === null && isPhoto !== null && isLabels !== null;
  return isTaken || isBoth ? 'not-chosen' : told;
}

/** Who chooses folders says that they belong together, whatever their names. */
const anyPlace = (folder: Folder): Folder => ({
  ...folder,
  places: folder.places.map((place) => ({ ...place, isContainer: true })),
});

/** `panoptic_train2017/`, `panoptic/`: labels where a table names their segments. */
const isInPanoptic = (path: string): boolean => /panoptic[^/]*\/[^/]*\.png$/i.test(path);

interface Company {
  /** Whether a file names the segments of panoptic pictures. */
  readonly hasPanopticTable: boolean;
  /** Folder and stem of every picture. */
  readonly stems: ReadonlySet<string>;
  /** Stems in folders of labels. */
  readonly labelStems: ReadonlySet<string>;
}

function roleOf(path: string, folder: Folder, rules: Rules, company: Company): Told {
  const stem = stemOf(path);
  const unused = longest(rules.unused, stem);
  if (unused !== null) return unused.rule.why;
  if (folder.meaning === 'unused') return company.hasPanopticTable && isInPanoptic(path) ? 'labels' : 'other-modality';
  if (folder.meaning === 'labels') return 'labels';
  const named = longest(rules.labels, stem);
  const isNamedPhoto = longest(rules.photos, stem) !== null;
  if (named !== null && !isNamedPhoto && named.rule.coding !== null) return 'labels';
  const ending = readLabelEnding(stem);
  const hasPhotoBeside = ending !== null && company.stems.has(`${folderOfPath(path)}\n${comparable(ending.bare)}`);
  // `left/0_L.png` beside `left/0.png` is no label where a folder of labels holds `0_L.png`.
  const hasLabels = company.labelStems.has(comparable(stem));
  if (hasPhotoBeside && !hasLabels && extensionOf(path) === 'png') return 'labels';
  if (isNamedPhoto || folder.meaning === 'photos') return 'photo';
  return null;
}

/**
 * Pictures without a role: photos if there are labels and no photos else (SegNet's `train/` beside `trainannot/`), or if they
 * are such as labels never are. Otherwise they play no part.
 */
function settleOpen(
  roles: { photos: RoledFile[]; labels: RoledFile[]; unused: UnusedFile[]; open: SourceFile[] },
  folders: ReadonlyMap<string, Folder>,
  rules: Rules,
  { labelStems }: Company,
): Roles {
  if (roles.photos.length > 0) {
    for (const file of roles.open) roles.unused.push({ file, why: 'no-role' });
    return { ...roles, open: [] };
  }
  // `a_L.png` in one folder, `a.png` in another: the ending tells where nothing else does.
  const stems = new Set(roles.open.map(({ path }) => comparable(stemOf(path))));
  const still: SourceFile[] = [];
  for (const file of roles.open) {
    const ending = readLabelEnding(stemOf(file.path));
    const folder = folders.get(folderOfPath(file.path));
    if (folder === undefined) continue;
    const isBesidePhoto = ending !== null && stems.has(comparable(ending.bare));
    const hasLabels = labelStems.has(comparable(stemOf(file.path)));
    if (isBesidePhoto && !hasLabels && extensionOf(file.path) === 'png') {
      roles.labels.push(labelsOf(file, folder, rules));
    } else still.push(file);
  }
  const arePhotos = roles.labels.length > 0 || still.every(({ path }) => extensionOf(path) !== 'png');
  if (!arePhotos) return { ...roles, open: still };
  const photos = still.flatMap((file): RoledFile[] => {
    const folder = folders.get(folderOfPath(file.path));
    return folder === undefined ? [] : [photoOf(file, folder, rules)];
  });
  return { ...roles, photos, open: [] };
}

function photoOf(file: SourceFile, { places, part }: Folder, rules: Rules): RoledFile {
  const stem = stemOf(file.path);
  const named = longest(rules.photos, stem);
  const bare = named?.bare ?? barePhotoStem(stem);
  return {
    file,
    role: 'photo',
    places,
    part,
    full: comparable(stem),
    bare: comparable(bare),
    name: named?.bare ?? stem,
    coding: null,
    rank: named?.rule.variant ?? AS_TAKEN,
    rendering: '',
    photoName: named?.rule ?? null,
  };
}

function labelsOf(file: SourceFile, folder: Folder, rules: Rules): RoledFile {
  const stem = stemOf(file.path);
  const named = longest(rules.labels, stem);
  const ending = named === null ? readLabelEnding(stem) : null;
  const photoEnding = named === null && ending === null ? longest(rules.photos, stem) : null;
  const bare = named?.bare ?? ending?.bare ?? photoEnding?.bare ?? stem;
  const isColour = folder.isColour || ending?.isColour === true;
  return {
    file,
    role: 'labels',
    places: folder.places,
    part: folder.part,
    full: comparable(stem),
    bare: comparable(bare),
    name: bare,
    coding: named?.rule.coding ?? null,
    rank: named?.rule.rank ?? (isInPanoptic(file.path) ? PANOPTIC_RANK : isColour ? COLOUR_RANK : UNNAMED_RANK),
    rendering: [folder.rendering, stem.slice(bare.length)].filter((word) => word !== '').join(' '),
    photoName: null,
  };
}
