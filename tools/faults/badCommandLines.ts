// Command lines that are wrong in one way each, from a grammar: every command with every option, and for every kind of value
// what people mistype, misplace and break. Whoever runs them wants each to be told: refused, by its name, and never as a defect.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RandomStream } from '../../src/domain/rng.ts';
import { type BadFile, badFolders, badRecipes, badTables, badWeights, type Files } from './badFiles.ts';

export interface BadCommandLine {
  /** What is wrong with it, for tables. */
  readonly kind: string;
  /** Words that begin with `@/` are paths in the folder that holds `files`. */
  readonly args: readonly string[];
  readonly files: Files;
  /** What the complaint has to name; empty: anything. */
  readonly names: string;
}

/** What the lines are made from. */
export interface GoodFiles {
  /** Weights that `evaluate` takes. */
  readonly weights: Uint8Array;
  /** A folder that it takes, by paths within it. */
  readonly set: Files;
  readonly png: Uint8Array;
}

type Value =
  | 'count'
  | 'share'
  | 'size'
  | 'word'
  | 'settings'
  | 'folder'
  | 'weights'
  | 'recipe'
  | 'table'
  | 'out'
  | 'yes';

/** Commands that would do their work at once, and what can be said beside it. */
const COMMANDS: Readonly<
  Record<string, { readonly args: readonly string[]; readonly options: Record<string, Value> }>
> = {
  train: {
    args: ['--network', 'toy', '--size', '32x16', '--backend', 'cpu', '--steps', '1'],
    options: {
      ...{ recipe: 'recipe', seed: 'count', seeds: 'count', source: 'folder', target: 'folder', validate: 'folder' },
      ...{ labels: 'count', network: 'word', 'set-network': 'settings', init: 'weights', size: 'size', steps: 'count' },
      ...{ 'steps-scale': 'share', 'evaluate-every': 'count', minutes: 'share', 'style-gap': 'share', mean: 'word' },
      ...{
        'layout-gap': 'share',
        set: 'settings',
        backend: 'word',
        out: 'out',
        'take-over': 'yes',
        'source-coding': 'table',
      },
    },
  },
  evaluate: {
    args: ['--weights', '@/weights.safetensors', '--target', '@/set', '--size', '32x16', '--backend', 'cpu'],
    options: {
      ...{ weights: 'weights', target: 'folder', size: 'size', backend: 'word', out: 'out', 'target-coding': 'table' },
      ...{ network: 'word', 'set-network': 'settings', 'score-at': 'word', mean: 'word', 'adapt-batch-norm': 'yes' },
    },
  },
  inspect: { args: ['@/set'], options: { json: 'yes', coding: 'table', ignore: 'count' } },
  tune: {
    args: ['--network', 'toy', '--size', '32x16', '--seconds', '0.1'],
    options: { network: 'word', method: 'word', size: 'size', batch: 'count', seconds: 'share', precision: 'word' },
  },
  list: { args: [], options: { json: 'yes' } },
};

const NO_NUMBERS = [
  'x',
  '1,5',
  '1_000',
  '0x10',
  '１２',
  'NaN',
  'Infinity',
  '1e999',
  '1..2',
  '--1',
  '1 2',
  'true',
  'null',
];
const KEYS = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];

/** Wrong values of a kind as they are typed behind an option. */
const WRONG: Readonly<
  Record<Exclude<Value, 'yes' | 'weights' | 'recipe' | 'table' | 'folder' | 'out'>, readonly string[]>
> = {
  count: [...NO_NUMBERS, '-1', '1.5', '1e15', '1.00000000000000000001'],
  share: [...NO_NUMBERS, '-0.1', '1e9'],
  size: ['32', '32x', 'x16', '0x0', '33x17', '9000x64', '32×16', '-32x16', '32x16x8', '1e2x16', '32.5x16', 'big'],
  word: ['nohting', ...KEYS, 'a/b', '../x', ' '],
  settings: [
    ...['x', '=1', 'x=1', 'nostage.batchSize=1', 'batchSize=', 'batchSize=1.5', 'batchSize=1e9', 'batchSize=0x2'],
    ...[
      'learningRate=0.01=0.02',
      'lerningRate=0.1',
      'learningRate=NaN',
      'source-only.steps=0',
      'source-only.steps=1e99',
    ],
    ...KEYS.flatMap((key) => [`${key}=1`, `source-only.${key}=1`]),
  ],
};

const missing = ['@/missing', '@/weights.safetensors/below'];

/** Lines that are wrong as a whole. */
const WHOLE: readonly (readonly [string, string])[] = [
  ['train --seeds 1,1', '--seeds'],
  ['train --seeds 1,2,01', '--seeds'],
  ['train --seeds 1,', '--seeds'],
  ['train --seed 1,2', '--seed'],
  ['train --seed 1 --seeds 2,3', '--seed'],
  ['train --source @/set', '--target'],
  ['train --target @/set', '--source'],
  ['train --validate @/set', '--validate'],
  ['train --source @/set --target @/set --style-gap 0.5', '--style-gap'],
  ['train --source-coding cityscapes-ids', '--source-coding'],
  ['train --take-over', '--take-over'],
  ['train --recipe source-only,nohting', 'nohting'],
  ['train --recipe ladder --steps 5', '--steps'],
  ['train --set batchSize=1 --set batchSize=2', 'batchSize'],
  ['train --recipe supervised-9999999999', '9999999999'],
  ['evaluate', '--weights'],
  ['evaluate --weights @/weights.safetensors', '--target'],
  ['evaluate --target @/set', '--weights'],
  ['evaluate --weights @/weights.safetensors --target @/set --set-network batchNorm=train', '--set-network'],
  ['evaluate --weights @/weights.safetensors#other --target @/set --backend cpu', 'other'],
  ['inspect', 'inspect'],
  ['inspect @/weights.safetensors', 'weights.safetensors'],
  ['inspect @/set --photos [ --labels-in [', ''],
  ['list everything', 'everything'],
  ['help me', 'me'],
  ['tune --network lite --size 33x17', '33'],
];

/** `count` lines of all kinds in an order of `seed`; all that there are without a count. */
export function badCommandLines(seed: number, good: GoodFiles, count = Number.POSITIVE_INFINITY): BadCommandLine[] {
  const random = new RandomStream(seed, 'bad command lines');
  const lines = [
    ...WHOLE.map(([text, names]) => line(`line: ${text}`, text.split(' '), names)),
    ...slips(random),
    ...badValues(),
    ...badContents(good, random),
  ].map((made) => ({ ...made, files: { ...usual(good), ...made.files } }));
  return [...random.permutation(lines.length)].slice(0, count).flatMap((at) => lines[at] ?? []);
}

const line = (kind: string, args: readonly string[], names: string, files: Files = {}): BadCommandLine => ({
  ...{ kind, args, names, files },
});

const usual = ({ weights, set }: GoodFiles): Files => ({
  'weights.safetensors': weights,
  ...Object.fromEntries(Object.entries(set).map(([path, bytes]) => [`set/${path}`, bytes])),
});

/** A command's own line with one option more, in place of the one that it has. */
function withOption(command: string, ...words: readonly string[]): string[] {
  const { args: own = [] } = COMMANDS[command] ?? {};
  const args = words[0] === '--validate' ? [...own, '--source', '@/set', '--target', '@/set'] : own;
  const at = args.indexOf(words[0] ?? '');
  return [command, ...(at < 0 ? args : args.toSpliced(at, 2)), ...words];
}

/** Names of commands and options with one letter wrong; options twice, without a value, with one too many. */
function slips(random: RandomStream): BadCommandLine[] {
  return Object.entries(COMMANDS).flatMap(([command, { args, options }]) => [
    line('command: mistyped', [slip(command, random), ...args], 'command'),
    ...KEYS.map((key) => line(`command: ${key}`, [key], key)),
    line(
      'word too many',
      [command, ...args.filter((word) => command !== 'inspect' || word !== '@/set'), '@/missing'],
      '',
    ),
    ...KEYS.map((key) => line(`option: ${key}`, [command, ...args, `--${key}=1`], key)),
    ...Object.entries(options).flatMap(([name, value]) => {
      const wrong = `--${slip(name, random)}`;
      const lines = [line('option: mistyped', [command, ...args, wrong, ...(value === 'yes' ? [] : ['1'])], wrong)];
      if (value === 'yes')
        return [...lines, line('option: value too many', [command, ...args, `--${name}=1`], `--${name}`)];
      lines.push(line('option: no value', withOption(command, `--${name}`), `--${name}`));
      lines.push(line('option: empty', withOption(command, `--${name}`, ''), `--${name}`));
      const isOnce = name !== 'set' && name !== 'set-network' && name !== 'mean';
      if (isOnce)
        lines.push(line('option: twice', withOption(command, `--${name}`, '1', `--${name}`, '1'), `--${name}`));
      return lines;
    }),
  ]);
}

/** Letters left out, doubled or swapped, so that the word is another. */
function slip(word: string, random: RandomStream): string {
  for (;;) {
    const at = random.integer(word.length - 1);
    const [before, one = '', two = ''] = [word.slice(0, at), word[at], word[at + 1]];
    const after = word.slice(at + 2);
    const slipped = [
      before + two + after,
      before + one + one + two + after,
      before + two + one + after,
      `${before}q${two}${after}`,
    ];
    const chosen = slipped[random.integer(slipped.length)] ?? '';
    if (chosen !== word && chosen !== '' && !chosen.startsWith('-')) return chosen;
  }
}

/** Every option with every wrong value of its kind. */
function badValues(): BadCommandLine[] {
  return Object.entries(COMMANDS).flatMap(([command, { options }]) =>
    Object.entries(options).flatMap(([name, value]) => {
      const said = (given: string, names = `--${name}`) => {
        // As one word: what begins with a dash would be an option.
        const words = given.startsWith('-') ? [`--${name}=${given}`] : [`--${name}`, given];
        return line(`${value}: ${given}`, withOption(command, ...words), names);
      };
      const named = (given: string) => said(given, given.split('/').at(-1));
      if (value === 'yes') return [];
      if (value === 'folder') return missing.map(named);
      if (value === 'weights') return [...missing, '@/set'].map(named);
      if (value === 'recipe')
        return ['nohting', ...KEYS, '@/missing.json', '@/set/', 'ladder,', 'supervised-x'].map((given) =>
          said(given, ''),
        );
      if (value === 'table') return ['nohting', ...KEYS, '@/missing.csv', '@/set'].map((given) => said(given, ''));
      if (value === 'out')
        return [
          '@/weights.safetensors/below',
          '/dev/null/x',
          ...(command === 'evaluate' ? ['@/set', '@/no/x'] : ['@/weights.safetensors']),
        ].map((given) => said(given, ''));
      const names = value === 'settings' || value === 'word' ? '' : `--${name}`;
      return WRONG[value]
        .filter((given) => name !== 'seeds' || given !== '1,5')
        .map((given) => said(given, value === 'size' && given === '33x17' ? '33' : names));
    }),
  );
}

/** Good lines about broken files. */
function badContents({ weights, png }: GoodFiles, random: RandomStream): BadCommandLine[] {
  const about = (files: readonly BadFile[], path: string, args: readonly string[]): BadCommandLine[] =>
    files.map(({ kind, bytes }) => line(kind, args, '', { [path]: bytes }));
  const folders = Object.entries(badFolders(png)).flatMap(([kind, files]) => {
    const placed = Object.fromEntries(Object.entries(files).map(([path, bytes]) => [join('bad', path), bytes]));
    return [
      line(`folder: ${kind}`, withOption('train', '--source', '@/bad', '--target', '@/set'), '', placed),
      line(`folder: ${kind}`, withOption('evaluate', '--target', '@/bad'), '', placed),
      line(`folder: ${kind}`, ['inspect', '@/bad'], '', placed),
    ];
  });
  const files = badWeights(weights, random);
  const init = files.filter(({ kind }) => !/network|classes|few/.test(kind));
  return [
    ...folders,
    ...about(files, 'bad', withOption('evaluate', '--weights', '@/bad')),
    ...about(init, 'bad', withOption('train', '--init', '@/bad')),
    ...about(badRecipes(random), 'bad.json', [
      'train',
      ...(COMMANDS.train?.args.slice(0, 6) ?? []),
      '--recipe',
      '@/bad.json',
    ]),
    ...about(badTables(), 'bad.csv', ['inspect', '@/set', '--coding', '@/bad.csv']),
  ];
}

/** Writes a line's files into an empty folder and gives its words as they are typed. */
export function placed({ args, files }: BadCommandLine, folder: string): string[] {
  for (const [path, bytes] of Object.entries(files)) {
    const at = join(folder, path);
    mkdirSync(bytes === null ? at : dirname(at), { recursive: true });
    if (bytes !== null) writeFileSync(at, bytes);
  }
  return args.map((word) => word.replace(/^(--[a-z-]+=)?@\//, (_, option = '') => `${option}${folder}/`));
}

/** `told`: refused by its name. `untold`: taken, or refused without a word. `defect`: blamed on the studio, or a crash. */
export type Verdict = 'told' | 'untold' | 'defect';

export function judge(
  { exitCode, stderr }: { readonly exitCode: number | null; readonly stderr: string },
  { names }: Pick<BadCommandLine, 'names'>,
): Verdict {
  const isCrash = exitCode === null || exitCode > 2 || /internal\.invariant|^\s+at .*:\d+:\d+/m.test(stderr);
  if (isCrash) return 'defect';
  return exitCode === 0 || stderr.trim() === '' || !stderr.includes(names) ? 'untold' : 'told';
}
