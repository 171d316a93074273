// npm run faults [-- --seed N] [--scale X] [--only NAME]: does to the studio what goes wrong at people's desks, some thousand times,
// and prints how often something was lost, was not told, or could not go on. The same seed does the same again.
import { parseArgs } from 'node:util';
import type { Campaign, Fault, Places } from './campaign.ts';
import { CAMPAIGNS } from './registry.ts';

interface Tally {
  readonly name: string;
  readonly tries: number;
  readonly lost: number;
  readonly untold: number;
  readonly stuck: number;
  readonly seconds: number;
}

/** Gives the process's status: 0 if nothing was lost, untold or stuck. Throws for an option that is not known. */
export async function runFaults(args: readonly string[], places: Places): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      scale: { type: 'string', default: '1' },
      only: { type: 'string', multiple: true },
    },
  });
  const seed = numberOf('seed', values.seed);
  const scale = numberOf('scale', values.scale);
  const chosen = CAMPAIGNS.filter(({ name }) => values.only === undefined || values.only.includes(name));
  if (chosen.length === 0) throw new Error(`--only takes one of: ${CAMPAIGNS.map(({ name }) => name).join(', ')}.`);
  const tallies: Tally[] = [];
  for (const campaign of chosen) {
    tallies.push(await tallied(campaign, seed, Math.max(1, Math.round(campaign.tries * scale)), places));
  }
  console.log(tableOf(tallies));
  return tallies.every(({ lost, untold, stuck }) => lost + untold + stuck === 0) ? 0 : 1;
}

async function tallied({ name, run }: Campaign, seed: number, wanted: number, places: Places): Promise<Tally> {
  const startedAtMs = performance.now();
  const faults: Fault[] = [];
  for await (const fault of run(seed, wanted, places)) {
    faults.push(fault);
    if (!fault.isLost && fault.isTold && fault.isRecovered) continue;
    const wrong = [fault.isLost && 'LOST', !fault.isTold && 'UNTOLD', !fault.isRecovered && 'STUCK'].filter(Boolean);
    console.log(`${wrong.join(' ')} ${name}: ${fault.what}\n  ${fault.found.slice(0, 600)}`);
  }
  const count = (isSo: (fault: Fault) => boolean): number => faults.filter(isSo).length;
  const tally: Tally = {
    name,
    tries: faults.length,
    lost: count(({ isLost }) => isLost),
    untold: count(({ isTold }) => !isTold),
    stuck: count(({ isRecovered }) => !isRecovered),
    seconds: Math.round((performance.now() - startedAtMs) / 1000),
  };
  console.log(`${name}: ${tally.tries} tries in ${tally.seconds} s`);
  return tally;
}

function tableOf(tallies: readonly Tally[]): string {
  const sum = (key: 'tries' | 'lost' | 'untold' | 'stuck' | 'seconds'): number =>
    tallies.reduce((total, tally) => total + tally[key], 0);
  const all = { name: 'all', tries: sum('tries'), lost: sum('lost'), untold: sum('untold'), stuck: sum('stuck') };
  const lines = [...tallies, { ...all, seconds: sum('seconds') }].map(
    ({ name, tries, lost, untold, stuck, seconds }) =>
      `| ${name} | ${tries} | ${lost} | ${untold} | ${tries - stuck} | ${seconds} |`,
  );
  return ['| fault | tries | lost | untold | recovered | seconds |', '|---|---|---|---|---|---|', ...lines].join('\n');
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) throw new Error(`--${name} takes a number.`);
  return value;
}
