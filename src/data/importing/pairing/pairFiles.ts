// Files to pairs of photo and labels, by their whole paths. Nothing is opened here. Every file either is part of a pair or is
// counted under the reason why not; photos without labels stay in, for they are what one adapts to.
import type { Split } from '../../../domain/dataset.ts';
import type { FileSet, ImportIssue, ImportQuestion, UnusedCount } from '../../../domain/importing.ts';
import { isPhotoExtension } from '../../layouts/core/paths.ts';
import { LAYOUTS, layoutEntry } from '../../layouts/registry.ts';
import type { SourceFile } from '../../ports.ts';
import { issueOf } from '../importIssues.ts';
import { byCodeUnits, extensionOf, stemOf } from '../paths.ts';
import { matchLabels } from './match.ts';
import { setsByEnding, setsByFolder } from './photoSets.ts';
import { layoutOf, layoutsShown } from './recognise.ts';
import { assignRoles, type RoleChoices, type RoledFile, type UnusedFile } from './roles.ts';
import { countUnused, isWorrying, refuseUnknown, unusedIssue } from './unused.ts';

/** A pair whose label coding may still be open. */
export interface NamedPair {
  readonly name: string;
  readonly split: Split;
  readonly image: SourceFile;
  readonly labels: SourceFile | null;
  /** Coding that the label's name promises; null: look inside. */
  readonly coding: string | null;
}

export interface Pairing {
  readonly layout: string;
  readonly pairs: readonly NamedPair[];
  readonly issues: readonly ImportIssue[];
  /** Files in no pair and in no issue of their own. */
  readonly unused: readonly UnusedCount[];
  /** Which of several sets of photos, or of labels; what stands first is used until another is chosen. */
  readonly questions: readonly ImportQuestion[];
}

/**
 * Pairs in a fixed order (split, then name). Throws `data.empty-dataset` where there are no files, and `data.unknown-layout`
 * where nothing tells which of them are photos.
 */
export function pairFiles(files: readonly SourceFile[], choices: RoleChoices = {}): Pairing {
  const sorted = files.toSorted((a, b) => byCodeUnits(a.path, b.path));
  const shown = layoutsShown(sorted.map(({ path }) => path));
  const roles = assignRoles(sorted, shown, LAYOUTS, choices);
  refuseUnknown(sorted, roles);
  const unused: UnusedFile[] = [...roles.unused];
  const issues: ImportIssue[] = [];
  const able = withoutFaults(roles.photos, issues);
  const paths = [...able, ...roles.labels].map(({ file }) => file.path);
  const { photos, question: photoQuestion } = choosePhotos(able, paths, choices, unused, issues);
  const labels = withoutFaults(roles.labels, issues);
  const { labels: matched, across } = matchLabels(photos, labels);
  const { chosen, question: labelQuestion } = chooseLabels(matched, unused, issues);
  const layout = layoutOf(
    photos.map(({ file }) => file.path),
    [...chosen.values()].map(({ file }) => file.path),
  );
  const splits = splitsOf(photos, chosen, layoutEntry(layout).hasDummyTestLabels !== true);
  const pairs: PlacedPair[] = [];
  for (const photo of photos) {
    const split = splits(photo);
    if (split === null) unused.push({ file: photo.file, why: 'test-split' });
    else pairs.push(pairOf(photo, split, chosen.get(photo)));
  }
  reportLabels(labels, new Set([...matched.values()].flat()), choices, unused, issues);
  reportAcross(across, issues);
  reportUnlabelled(pairs, issues);
  const counts = countUnused(unused);
  for (const count of counts.filter(isWorrying)) issues.push(unusedIssue(count));
  return {
    layout,
    pairs: nameUniquely(pairs),
    issues,
    unused: counts,
    questions: [photoQuestion, labelQuestion].flatMap((question) => question ?? []),
  };
}

const inOrder = (a: NamedPair, b: NamedPair): number =>
  byCodeUnits(a.split, b.split) || byCodeUnits(a.name, b.name) || byCodeUnits(a.image.path, b.image.path);

interface PlacedPair extends NamedPair {
  /** The name with the folders that tell it from others. */
  readonly longName: string;
}

const pairOf = ({ places, name, file }: RoledFile, split: Split, labels: RoledFile | undefined): PlacedPair => ({
  name,
  longName: [...places.map((place) => place.name), name].join('/'),
  split,
  image: file,
  labels: labels?.file ?? null,
  coding: labels?.coding ?? null,
});

/** Why a file cannot be used, seen from outside; null if it looks fine. */
function outwardFault({ file: { path, sizeBytes }, role, coding }: RoledFile): ImportIssue | null {
  const extension = extensionOf(path);
  if (sizeBytes === 0) {
    return issueOf('data.unreadable-file', path, `${path} is empty (0 bytes).`, { reason: 'empty' });
  }
  if (
    role === 'labels' ? extension === 'png' || (extension === 'json' && coding !== null) : isPhotoExtension(extension)
  )
    return null;
  const wanted = role === 'labels' ? 'Labels must be PNG: other formats change values.' : 'Use PNG or JPEG photos.';
  return issueOf('data.unsupported-format', path, `${path}: .${extension} cannot be read here. ${wanted}`, {
    reason: 'extension',
    extension,
  });
}

function withoutFaults(files: readonly RoledFile[], issues: ImportIssue[]): readonly RoledFile[] {
  return files.filter((file) => {
    const fault = outwardFault(file);
    if (fault !== null) issues.push(fault);
    return fault === null;
  });
}

const placeOf = ({ places, part }: RoledFile, stem: string): string =>
  `${places.map(({ name }) => name).join('/')}\n${part}\n${stem}`;

function groupedBy(files: readonly RoledFile[], keyOf: (file: RoledFile) => string): ReadonlyMap<string, RoledFile[]> {
  const groups = new Map<string, RoledFile[]>();
  for (const file of files) {
    const key = keyOf(file);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [file]);
    else group.push(file);
  }
  return groups;
}

/**
 * One photo a frame. Where some photos follow a dataset's own names and others do not, or a frame has several renderings (fog of
 * three densities), which are meant is a question. Until it is answered the larger group is the dataset, of renderings one is
 * taken; of two files of one name the first.
 */
function choosePhotos(
  photos: readonly RoledFile[],
  paths: readonly string[],
  choices: RoleChoices,
  unused: UnusedFile[],
  issues: ImportIssue[],
): { readonly photos: readonly RoledFile[]; readonly question: ImportQuestion | null } {
  const named = photos.filter(({ photoName }) => photoName !== null);
  const isNamed = named.length * 2 >= photos.length;
  const isMixed = choices.photos === undefined && named.length > 0 && named.length < photos.length;
  const groups = [named, photos.filter(({ photoName }) => photoName === null)];
  const pathsOf = (group: readonly RoledFile[]): string[] => group.map(({ file }) => file.path);
  const datasets = isMixed ? setsByFolder(groups.map(pathsOf), paths) : null;
  const ofOneNaming = photos.filter(({ file, photoName }) => {
    const stays = !isMixed || (photoName !== null) === isNamed;
    if (!stays) unused.push({ file, why: 'another-naming' });
    return stays;
  });
  const kept: RoledFile[] = [];
  const endings = new Set<string>();
  let contested = 0;
  for (const [, group] of groupedBy(ofOneNaming, (photo) =>
    placeOf(photo, photo.full === photo.bare ? photo.full : photo.bare),
  )) {
    const [best, ...others] = group.toSorted((a, b) => a.rank - b.rank || byCodeUnits(a.file.path, b.file.path));
    if (best === undefined) continue;
    kept.push(best);
    const renderings = group.filter(({ full }, index) => group.findIndex((each) => each.full === full) === index);
    if (renderings.length > 1) contested += renderings.length;
    if (renderings.length > 1) for (const rendering of renderings) endings.add(endingOf(rendering));
    for (const other of others) {
      if (other.full !== best.full) unused.push({ file: other.file, why: 'another-rendering' });
      else issues.push(duplicate(other.file, best.file));
    }
  }
  const inOrderOfPath = new Set(kept);
  const sets = datasets ?? (choices.photos === undefined ? setsByEnding(endings) : null);
  return {
    photos: ofOneNaming.filter((photo) => inOrderOfPath.has(photo)),
    question: sets && { kind: 'photos', sets, photos: datasets === null ? contested : photos.length },
  };
}

/** What a photo's stem ends in after the name that its labels share. */
const endingOf = ({ file, name }: RoledFile): string => stemOf(file.path).slice(name.length);

const duplicate = ({ path }: SourceFile, first: SourceFile): ImportIssue =>
  issueOf('data.duplicate-name', path, `${path} has the same name as ${first.path}, which is used instead.`, {
    first: first.path,
  });

/** The best label file of each photo; equals of other renderings are a question, equals of the same one are duplicates. */
function chooseLabels(
  matched: ReadonlyMap<RoledFile, readonly RoledFile[]>,
  unused: UnusedFile[],
  issues: ImportIssue[],
): { readonly chosen: ReadonlyMap<RoledFile, RoledFile>; readonly question: ImportQuestion | null } {
  const chosen = new Map<RoledFile, RoledFile>();
  const rivals = new Set<string>();
  const told = new Set<RoledFile>();
  let contested = 0;
  for (const [photo, [best, ...others]] of matched) {
    if (best === undefined) continue;
    chosen.set(photo, best);
    const equals = others.filter(({ rank, rendering }) => rank === best.rank && rendering !== best.rendering);
    if (equals.length > 0) contested++;
    for (const { rendering } of equals.length > 0 ? [best, ...equals] : []) rivals.add(rendering);
    for (const other of others) {
      if (told.has(other)) continue;
      told.add(other);
      if (other.rank === best.rank && other.rendering === best.rendering) issues.push(duplicate(other.file, best.file));
      else unused.push({ file: other.file, why: 'another-label-file' });
    }
  }
  return {
    chosen,
    question:
      contested === 0
        ? null
        : { kind: 'labels', sets: [...rivals].sort(byCodeUnits).map(renderingOf), photos: contested },
  };
}

/** A rendering's folder words and ending as a glob: `v2.0/labels _a` is in `v2.0`, somewhere below it in `labels`, and ends in `_a`. */
function renderingOf(name: string): FileSet {
  const [folders = '', ending = ''] = name.split(' ');
  const words = folders === '' ? [] : folders.split('/');
  return { name, glob: ['**', ...words.flatMap((word) => [word, '**']), `*${ending}.*`].join('/') };
}

/**
 * Images of the test part serve as validation if nothing else does and they have labels; else they stay out. A drop that is all
 * test is a dataset like any other.
 */
function splitsOf(
  photos: readonly RoledFile[],
  chosen: ReadonlyMap<RoledFile, RoledFile>,
  hasTestLabels: boolean,
): (photo: RoledFile) => Split | null {
  const parts = new Set(photos.map(({ part }) => part));
  const isAllTest = [...parts].every((part) => part === 'test');
  const isTestVal =
    !parts.has('val') && hasTestLabels && photos.some((photo) => photo.part === 'test' && chosen.has(photo));
  const ofTest = isAllTest ? 'train' : isTestVal ? 'val' : null;
  return ({ part }) => (part === 'test' ? ofTest : part === 'val' ? 'val' : 'train');
}

/** Labels of no photo. Where a person chose the photos, those of others are none of their concern. */
function reportLabels(
  labels: readonly RoledFile[],
  matched: ReadonlySet<RoledFile>,
  choices: RoleChoices,
  unused: UnusedFile[],
  issues: ImportIssue[],
): void {
  for (const label of labels) {
    if (matched.has(label)) continue;
    const { path } = label.file;
    if (choices.photos !== undefined) {
      unused.push({ file: label.file, why: 'not-chosen' });
      continue;
    }
    issues.push(issueOf('data.unpaired', path, `${path} is a label without a photo.`, { role: 'labels' }));
  }
}

function reportAcross(across: ReadonlySet<RoledFile>, issues: ImportIssue[]): void {
  const [first] = across;
  if (first === undefined) return;
  const { path } = first.file;
  issues.push(
    issueOf(
      'data.paired-across',
      path,
      `${across.size} photos have their labels in a folder or archive of another name (first: ${path}); each name occurs once on either side.`,
      { count: across.size },
    ),
  );
}

function reportUnlabelled(pairs: readonly NamedPair[], issues: ImportIssue[]): void {
  const unlabelled = pairs.filter(({ labels }) => labels === null);
  const first = unlabelled[0]?.image.path;
  if (first === undefined || unlabelled.length === pairs.length) return;
  issues.push(
    issueOf(
      'data.unpaired',
      first,
      `${unlabelled.length} photos have no labels, unlike others beside them; they stay in as unlabelled (first: ${first}).`,
      { role: 'image', count: unlabelled.length },
    ),
  );
}

/** The frame's name alone where no other has it, else with its folders, else its path. */
function nameUniquely(pairs: readonly PlacedPair[]): readonly NamedPair[] {
  const usesOf = (names: readonly string[]): ReadonlyMap<string, number> => {
    const uses = new Map<string, number>();
    for (const name of names) uses.set(name, (uses.get(name) ?? 0) + 1);
    return uses;
  };
  const short = usesOf(pairs.map(({ name }) => name));
  const long = usesOf(pairs.map(({ longName }) => longName));
  return pairs
    .map(({ longName, ...pair }): NamedPair => {
      if (short.get(pair.name) === 1) return pair;
      return { ...pair, name: long.get(longName) === 1 ? longName : pair.image.path };
    })
    .sort(inOrder);
}
