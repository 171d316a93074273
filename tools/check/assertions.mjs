// @ts-check
// Which tests are gone and which are new between two reports (Vitest's JSON, or test-results/{unit,gpu}.json), whatever file
// or project they are in: shows that a change of the house lost no assertion.
//   node tools/check/assertions.mjs OLD.json[,OLD.json] NEW.json[,NEW.json]
import { readFileSync } from 'node:fs';

/** Tests of the tree itself are named after its files: they come and go with these. */
const OF_THE_TREE = /architecture\.test/;

/**
 * @param {string} list
 * @returns {Set<string>}
 */
function namesIn(list) {
  /** @type {{ testResults: { name: string, assertionResults: { fullName: string }[] }[] }[]} */
  const reports = list.split(',').map((path) => JSON.parse(readFileSync(path, 'utf8')));
  const files = reports.flatMap(({ testResults }) => testResults).filter(({ name }) => !OF_THE_TREE.test(name));
  return new Set(files.flatMap(({ assertionResults }) => assertionResults.map(({ fullName }) => fullName)));
}

const [old, now] = process.argv.slice(2).map(namesIn);
if (old === undefined || now === undefined) throw new Error('Two reports are compared: OLD.json NEW.json');
const gone = [...old].filter((name) => !now.has(name)).toSorted();
const fresh = [...now].filter((name) => !old.has(name)).toSorted();
console.log(`${old.size} names before, ${now.size} now\n\nGone (${gone.length}):\n${gone.join('\n')}`);
console.log(`\nNew (${fresh.length}):\n${fresh.join('\n')}`);
