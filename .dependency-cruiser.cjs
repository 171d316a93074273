// The direction table of docs/ARCHITECTURE.md as rules. `tools/check/boundaries.mjs` runs it and asserts that it saw the code.
const room = (name) => `^src/${name}/`;
const mayImport = {
  domain: [],
  data: ['domain'],
  scenes: ['domain', 'data/ports'],
  engine: ['domain'],
  bridge: ['domain'],
  session: ['domain', 'data', 'scenes', 'engine', 'bridge'],
  'hosts/browser': ['domain', 'data', 'scenes', 'engine/backend', 'session', 'bridge'],
  'hosts/node': ['domain', 'data', 'scenes', 'engine', 'session', 'bridge'],
  studio: ['domain', 'bridge'],
};
/** From the ground up: a folder imports its own floor and those below. */
const engineFloors = [
  ['weightFiles'],
  ['gpu'],
  ['ops'],
  ['losses'],
  ['compile'],
  ['backend'],
  ['nn', 'augment'],
  ['optim'],
  ['networks'],
  ['methods'],
  ['training'],
];
const tests = '\\.test\\.tsx?$';
// What only developers run: tests, and beside an operation its float64 reference and its benchmark cases.
const developers = '\\.(test|reference|bench)\\.tsx?$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(virtual:|puppeteer-core$)' },
    },
    ...Object.entries(mayImport).map(([from, allowed]) => ({
      name: `${from}-direction`,
      severity: 'error',
      comment: `${from} may import ${allowed.join(', ') || 'no other room'}`,
      from: { path: room(from), pathNot: developers },
      to: {
        path: '^src/',
        pathNot: [room(from), ...allowed.map((name) => `^src/${name}(/|\\.)`)],
      },
    })),
    {
      name: 'nothing-imports-tools',
      severity: 'error',
      from: { path: '^(src|e2e)/', pathNot: tests },
      to: { path: '^tools/' },
    },
    {
      name: 'one-tfjs-site',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/engine/tf\\.ts$' },
      to: { path: 'node_modules/@tensorflow' },
    },
    {
      name: 'testing-is-for-tests',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [developers, room('testing'), '^src/.*/testing/', '\\.contract\\.ts$', 'Contract\\.ts$'],
      },
      to: { path: [room('testing'), '^src/.*/testing/'] },
    },
    {
      name: 'references-and-benchmarks-are-for-developers',
      severity: 'error',
      from: { path: '^src/', pathNot: [developers, room('testing')] },
      to: { path: '\\.(reference|bench)\\.ts$' },
    },
    {
      name: 'bridge-client-only',
      severity: 'error',
      comment: 'the studio talks to the worker through the client; the server side is the worker’s',
      from: { path: room('studio'), pathNot: [tests, '^src/studio/fake/'] },
      to: { path: '^src/bridge/server\\.ts$' },
    },
    {
      name: 'fake-is-a-page-of-its-own',
      severity: 'error',
      comment: 'main.tsx loads it on demand; the studio itself knows nothing of it',
      from: { path: '^src/', pathNot: [tests, '^src/studio/(fake|testing)/', '^src/main\\.tsx$'] },
      to: { path: '^src/studio/fake/' },
    },
    {
      name: 'features-do-not-import-each-other',
      severity: 'error',
      from: { path: '^src/studio/features/([^/]+)/' },
      to: { path: '^src/studio/features/', pathNot: '^src/studio/features/$1/' },
    },
    {
      name: 'panes-stand-alone',
      severity: 'error',
      comment: 'a pane knows panes/core, never another pane or a feature; what several draw with lies in ui',
      from: { path: '^src/studio/panes/([^/]+)/', pathNot: tests },
      to: { path: '^src/studio/(panes|features|app)/', pathNot: '^src/studio/panes/($1|core)/' },
    },
    ...engineFloors.flatMap((folders, floor) =>
      engineFloors.slice(floor + 1).length === 0
        ? []
        : [
            {
              name: `engine-floor-${folders[0]}`,
              severity: 'error',
              comment: `engine/${folders[0]} stands below ${engineFloors[floor + 1].join(', ')}`,
              from: { path: `^src/engine/(${folders.join('|')})/`, pathNot: developers },
              to: {
                path: `^src/engine/(${engineFloors
                  .slice(floor + 1)
                  .flat()
                  .join('|')})/`,
              },
            },
          ],
    ),
    {
      name: 'methods-do-not-import-each-other',
      severity: 'error',
      comment: 'what several build on lies in methods/core and methods/parts',
      from: { path: '^src/engine/methods/([^/]+)/', pathNot: tests },
      to: { path: '^src/engine/methods/[^/]+/', pathNot: '^src/engine/methods/($1|core|parts)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'browser', 'default', 'types'] },
  },
};
