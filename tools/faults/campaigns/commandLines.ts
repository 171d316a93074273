// Command lines that are wrong in one way each.
import type { Campaign } from '../campaign.ts';
import { commandLineFaults } from '../commandLineFaults.ts';

export const commandLines: Campaign = {
  name: 'wrong command line',
  tries: 240,
  async *run(seed, tries) {
    for await (const { line, verdict, exitCode, stderr } of commandLineFaults(seed, tries)) {
      const isTold = verdict === 'told';
      const found = `${verdict}, exit ${exitCode}: ${stderr}`;
      yield { what: `${line.kind}: ${line.args.join(' ')}`, isLost: false, isTold, isRecovered: true, found };
    }
  },
};
