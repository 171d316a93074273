// Signals that end a training run from the command line, through npm, the wrapper and alone.
import type { Campaign } from '../campaign.ts';
import { signalFaults } from '../signalFaults.ts';

/** Of one run: it ends before more of them could reach it. */
const TRIES_A_RUN = 8;

export const signals: Campaign = {
  name: 'signal',
  tries: 40,
  async *run(seed, tries, { headless }) {
    for (let done = 0; done < tries; done += TRIES_A_RUN) {
      for await (const fault of signalFaults(seed + done, Math.min(TRIES_A_RUN, tries - done), headless, 120)) {
        yield { ...fault, isRecovered: !fault.isLost };
      }
    }
  },
};
