// Broken files for broken command lines: weights, recipes, tables of labels and folders of photos, each wrong in one way. Every
// list is drawn from a seed where it is random at all.
import type { RandomStream } from '../../src/domain/rng.ts';
import { readSafetensors, writeSafetensors } from '../../src/engine/weightFiles/safetensors.ts';

/** By path; null is an empty folder. */
export type Files = Readonly<Record<string, Uint8Array | null>>;

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

export interface BadFile {
  readonly kind: string;
  readonly bytes: Uint8Array;
}

/** `whole` is a file that `evaluate` takes. */
export function badWeights(whole: Uint8Array, random: RandomStream): readonly BadFile[] {
  const headerBytes = Number(new DataView(whole.buffer, whole.byteOffset).getBigUint64(0, true));
  const header = (change: (header: Record<string, Record<string, unknown>>) => void): Uint8Array => {
    const parsed = JSON.parse(new TextDecoder().decode(whole.subarray(8, 8 + headerBytes)));
    change(parsed);
    const text = encode(JSON.stringify(parsed));
    const bytes = new Uint8Array(8 + text.length + whole.length - 8 - headerBytes);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
    bytes.set(text, 8);
    bytes.set(whole.subarray(8 + headerBytes), 8 + text.length);
    return bytes;
  };
  const [first = '', second = ''] = readSafetensors(whole).tensors.keys();
  const withValue = (value: number): Uint8Array => {
    const { tensors, metadata } = readSafetensors(whole);
    const copies = [...tensors].map(([name, { shape, values }]) => {
      return [name, { shape, values: Float32Array.from(values) }] as const;
    });
    const touched = copies[random.integer(copies.length)]?.[1].values;
    if (touched !== undefined) touched[random.integer(touched.length)] = value;
    return writeSafetensors(copies, metadata);
  };
  const cut = (share: number): Uint8Array => whole.subarray(0, Math.floor(whole.length * share));
  const garbage = Uint8Array.from({ length: 4096 }, () => random.integer(256));
  const long = whole.slice();
  new DataView(long.buffer).setBigUint64(0, 2n ** 62n, true);
  const files: Record<string, Uint8Array> = {
    empty: new Uint8Array(0),
    'eight bytes': whole.subarray(0, 8),
    'cut in the header': whole.subarray(0, 8 + random.integer(headerBytes)),
    'cut in the data': cut(random.uniform(0.5, 0.99)),
    'with bytes behind it': Uint8Array.from([...whole, 0, 0, 0]),
    garbage,
    text: encode('these are no weights\n'),
    'a web page': encode('<!doctype html><title>404</title>'),
    'a pointer of Git LFS': encode('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n'),
    'a zip without an end': Uint8Array.from([0x50, 0x4b, 3, 4, ...garbage.subarray(0, 100)]),
    'a pickle without an end': Uint8Array.from([0x80, 2, 0x7d, ...garbage.subarray(0, 100)]),
    'a header longer than the disk': long,
    'tensors that overlap': header((parsed) => {
      const [a, b] = [parsed[first], parsed[second]];
      if (a === undefined || b === undefined) return;
      const [start = 0] = a.data_offsets as number[];
      const [from = 0, to = 0] = b.data_offsets as number[];
      // As many bytes as before, so that only looking at where they lie shows it.
      b.data_offsets = [start, start + to - from];
    }),
    'a shape that is none': header((parsed) => Object.assign(parsed[first] ?? {}, { shape: [-1, 'x'] })),
    'a type that is none': header((parsed) => Object.assign(parsed[first] ?? {}, { dtype: 'constructor' })),
    'offsets that are none': header((parsed) => Object.assign(parsed[first] ?? {}, { data_offsets: [0, 1e300] })),
    'an unknown network': header((parsed) => Object.assign(parsed.__metadata__ ?? {}, { network: 'constructor' })),
    'network settings that are none': header((parsed) =>
      Object.assign(parsed.__metadata__ ?? {}, { params: '{"x":[]}' }),
    ),
    'classes that are none': header((parsed) => Object.assign(parsed.__metadata__ ?? {}, { classes: '7' })),
    'a tensor too few': header((parsed) => {
      parsed.unheard = parsed[first] ?? {};
      delete parsed[first];
    }),
    'NaN in it': withValue(Number.NaN),
    'infinity in it': withValue(Number.POSITIVE_INFINITY),
  };
  return Object.entries(files).map(([kind, bytes]) => ({ kind: `weights: ${kind}`, bytes }));
}

/** A recipe of two stages that is right. */
const RECIPE = {
  schemaVersion: 1,
  id: 'mine',
  stages: [
    { kind: 'train', id: 'first', method: 'source-only', params: {}, steps: 1 },
    {
      kind: 'train',
      id: 'second',
      method: 'source-only',
      params: { batchSize: 1 },
      steps: 1,
      start: { segmenter: { stage: 'first', role: 'segmenter' } },
      rung: 'second',
    },
  ],
};

/** A recipe with the field at `path` (dots between keys) set to `value`; undefined takes it out. */
function recipeWith(path: string, value: unknown): string {
  const recipe: unknown = structuredClone(RECIPE);
  const keys = path.split('.');
  let at = recipe as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
  const last = keys.at(-1) ?? '';
  if (value === undefined) delete at[last];
  else Object.defineProperty(at, last, { value, enumerable: true, configurable: true, writable: true });
  return JSON.stringify(recipe);
}

const FIELDS: readonly (readonly [string, unknown])[] = [
  ['schemaVersion', 2],
  ['schemaVersion', undefined],
  ['id', ''],
  ['id', 7],
  ['stages', []],
  ['stages', {}],
  ['stages.0', null],
  ['stages.0.kind', 'training'],
  ['stages.0.id', '../up'],
  ['stages.0.id', 'second'],
  ['stages.0.id', 'First'],
  ['stages.0.method', 'source-onyl'],
  ['stages.0.method', 'constructor'],
  ['stages.0.params', [1]],
  ['stages.0.params', { lerningRate: 1 }],
  ['stages.0.params', { learningRate: '0.1' }],
  ['stages.0.params', { learningRate: -1 }],
  ['stages.0.params', { batchSize: 1.5 }],
  ['stages.0.params', { constructor: 1 }],
  ['stages.0.params.__proto__', 1],
  ['stages.0.steps', 0],
  ['stages.0.steps', 1e300],
  ['stages.0.steps', '5'],
  ['stages.0.labels', -1],
  ['stages.0.labels', 'some'],
  ['stages.0.wrong', true],
  ['stages.0.source', 'first'],
  ['stages.0.source', 'second'],
  ['stages.0.pseudoLabels', 'nowhere'],
  ['stages.1.start', { segmenter: { stage: 'third', role: 'segmenter' } }],
  ['stages.1.start', { segmenter: { stage: 'first', role: 'x/../../secret' } }],
  ['stages.1.start', { segmenter: { stage: 'first', role: 'nobody' } }],
  ['stages.1.start', { nobody: { stage: 'first', role: 'segmenter' } }],
  ['stages.1.start', { constructor: { stage: 'first', role: 'segmenter' } }],
  ['stages.1.start', { segmenter: { stage: '../first', role: 'segmenter' } }],
  ['stages.1.rung', ''],
  ['constructor', 1],
];

export function badRecipes(random: RandomStream): readonly BadFile[] {
  const whole = JSON.stringify(RECIPE, null, 2);
  const texts: Record<string, string> = {
    empty: '',
    blank: ' \n',
    'no JSON': 'recipe: mine',
    'cut off': whole.slice(0, 1 + random.integer(whole.length - 2)),
    'a comma too many': whole.replace(']', ',]'),
    comments: `// mine\n${whole}`,
    'single quotes': whole.replaceAll('"', "'"),
    'two values': `${whole}${whole}`,
    null: 'null',
    number: '7',
    list: '[]',
    'deeper than any stack': '['.repeat(100_000),
    'byte order mark and no JSON': '\uFEFF{',
    ...Object.fromEntries(
      FIELDS.map(([path, value]) => [`${path} = ${JSON.stringify(value) ?? 'nothing'}`, recipeWith(path, value)]),
    ),
  };
  const bytes = Object.entries(texts).map(([kind, text]) => ({ kind: `recipe: ${kind}`, bytes: encode(text) }));
  return [...bytes, { kind: 'recipe: no text', bytes: Uint8Array.from([0x7b, 0xff, 0xfe, 0x80, 0xc0]) }];
}

export function badTables(): readonly BadFile[] {
  const texts: Record<string, string> = {
    empty: '',
    'no table': 'road\n',
    'broken JSON': '{"classes": [',
    'no classes': '{"classes": []}',
    'values that are none': 'name,id\nroad,x\n',
    'values twice': 'name,id\nroad,1\nsky,1\n',
    'values out of range': 'name,id\nroad,-1\nsky,70000\n',
  };
  return Object.entries(texts).map(([kind, text]) => ({ kind: `table: ${kind}`, bytes: encode(text) }));
}

/** Folders that no command can use, by what is wrong with them; paths within the folder. */
export function badFolders(png: Uint8Array): Readonly<Record<string, Files>> {
  const cut = png.subarray(0, png.length >> 1);
  return {
    'nothing in it': { '.': null },
    'no picture in it': { 'notes.txt': encode('later') },
    'only labels in it': { 'labels/a.png': png },
    'pictures that are cut off': { 'images/a.png': cut, 'labels/a_gtFine_labelTrainIds.png': cut },
    'pictures that are text': { 'images/a.png': encode('no'), 'labels/a_gtFine_labelTrainIds.png': encode('no') },
    'a zip that is none': { 'set.zip': encode('PK no') },
  };
}
