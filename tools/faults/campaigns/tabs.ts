// Two tabs over one store do to each other what people with two tabs do, in any order, freezing included. Whatever happens, a run is
// trained once: its history holds every step exactly once, up to its checkpoint.
import { RandomStream } from '../../../src/domain/rng.ts';
import { RUN } from '../../../src/testing/runHarness.ts';
import { openTabs, type Tab } from '../../../src/testing/tabHarness.ts';
import type { Campaign, Fault } from '../campaign.ts';

const MOVES_A_RUN = 8;

export const tabs: Campaign = {
  name: 'two tabs, one run',
  tries: 160,
  async *run(seed, tries) {
    const random = new RandomStream(seed, 'tabs');
    for (let done = 0; done < tries; done += MOVES_A_RUN) {
      const { one, two } = await openTabs();
      await one.run.start(one.config, RUN);
      const moves: string[] = [];
      const pick = (): Tab => (random.uniform() < 0.5 ? one : two);
      for (let i = 0; i < MOVES_A_RUN; i++) {
        const tab = pick();
        const move = MOVES[random.integer(MOVES.length)] ?? watch;
        moves.push(`${tab === one ? 'first' : 'second'} ${move.name}`);
        await move(tab);
        await new Promise((go) => setTimeout(go, random.integer(60)));
      }
      for (const tab of [one, two]) tab.sharing.thaw();
      const outcome = await endOf(one, two);
      for (const what of moves) yield { what, ...outcome };
    }
  },
};

type Move = (tab: Tab) => Promise<unknown>;
const watch: Move = (tab) => tab.run.open(RUN.runId, false).catch(() => undefined);
const takeOver: Move = async (tab) => {
  await tab.run.open(RUN.runId, true);
  void tab.run.opened?.play();
};
const pauses: Move = async (tab) => tab.run.opened?.pause();
const plays: Move = async (tab) => void tab.run.opened?.play();
const freezes: Move = async (tab) => tab.sharing.freeze();
const thaws: Move = async (tab) => tab.sharing.thaw();
const MOVES = [watch, takeOver, takeOver, pauses, plays, plays, freezes, thaws];

async function endOf(one: Tab, two: Tab): Promise<Omit<Fault, 'what'>> {
  try {
    await two.run.open(RUN.runId, true);
    void two.run.opened?.play();
    const before = two.run.opened?.updates ?? 0;
    await two.until(() => (two.run.opened?.updates ?? 0) > before + 2);
    await two.run.opened?.pause();
    const { summary, metrics } = await two.store.load(RUN.runId);
    const steps = [...(metrics['train/lr']?.steps ?? [])];
    const isOnce = steps.length === summary.step && steps.every((step, i) => step === i + 1);
    const defects = [one, two].flatMap((tab) => tab.codes().filter((code) => code === 'internal.invariant'));
    await one.run.close();
    await two.run.close();
    const found = `${steps.length} steps on record at step ${summary.step}; ${defects.length} defects told`;
    return { isLost: !isOnce, isTold: defects.length === 0, isRecovered: true, found };
  } catch (error) {
    return { isLost: false, isTold: true, isRecovered: false, found: String(error) };
  }
}
