// Which code computes which golden case. What is not here is listed as not yet expressible.
import { ADAPTATION_CASES } from './adaptation.ts';
import { CONVOLUTIONS } from './convolutions.ts';
import { runSafetensors } from './files.ts';
import type { GoldenExecutor } from './goldenCase.ts';
import { LOSSES } from './losses.ts';
import { MAPS } from './maps.ts';
import { MIXING } from './mixing.ts';
import { NETWORK_CASES } from './networks.ts';
import { OPTIMISERS } from './optimisers.ts';
import { TRANSLATION_CASES } from './translation.ts';
import { runVirtualAdversarial } from './virtualAdversarial.ts';
import { runWeightRule } from './weightRule.ts';

const EXECUTORS: ReadonlyMap<string, GoldenExecutor> = new Map(
  Object.entries({
    ...CONVOLUTIONS,
    ...MAPS,
    ...LOSSES,
    ...MIXING,
    ...OPTIMISERS,
    ...ADAPTATION_CASES,
    ...NETWORK_CASES,
    ...TRANSLATION_CASES,
    vat: runVirtualAdversarial,
    weight_rule: runWeightRule,
    safetensors_import: runSafetensors,
  }),
);

export function executorOf(op: string): GoldenExecutor | undefined {
  return EXECUTORS.get(op);
}
