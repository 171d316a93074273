// AutoAugment's ImageNet policy (Cubuk et al. 2019, table 9) and two parts of it that suit pixel-wise labels, and how a view
// is drawn from them. Magnitudes are those of the PyTorch ports, factors 1 ± m (the original's are 0.1 to 1.9).
import type { RandomStream } from '../../../domain/rng.ts';
import { isGeometric, type Operation, type OperationName } from './operations.ts';

/**
 * `imagenet18-color`: without geometry (what Seg-Uncertainty uses, Zheng and Yang 2021). `seg-safe`: also without inverting
 * and strong solarizing, after which streets are hard to recognise.
 */
export const POLICIES = ['imagenet25', 'imagenet18-color', 'seg-safe'] as const;
export type PolicyId = (typeof POLICIES)[number];

/** An operation with its probability and the index of its magnitude, 0 to 9. */
export interface PolicyOperation {
  readonly name: OperationName;
  readonly probability: number;
  readonly index: number;
}
export type SubPolicy = readonly [PolicyOperation, PolicyOperation];

type Entry = readonly [OperationName, number, number];
const pair = ([a, p, i]: Entry, [b, q, j]: Entry): SubPolicy => [
  { name: a, probability: p, index: i },
  { name: b, probability: q, index: j },
];

// biome-ignore format: a table
const IMAGENET_25: readonly SubPolicy[] = [
  pair(['posterize', 0.4, 8], ['rotate', 0.6, 9]),
  pair(['solarize', 0.6, 5], ['autoContrast', 0.6, 0]),
  pair(['equalize', 0.8, 0], ['equalize', 0.6, 0]),
  pair(['posterize', 0.6, 7], ['posterize', 0.6, 6]),
  pair(['equalize', 0.4, 0], ['solarize', 0.2, 4]),
  pair(['equalize', 0.4, 0], ['rotate', 0.8, 8]),
  pair(['solarize', 0.6, 3], ['equalize', 0.6, 0]),
  pair(['posterize', 0.8, 5], ['equalize', 1, 0]),
  pair(['rotate', 0.2, 3], ['solarize', 0.6, 8]),
  pair(['equalize', 0.6, 0], ['posterize', 0.4, 6]),
  pair(['rotate', 0.8, 8], ['color', 0.4, 0]),
  pair(['rotate', 0.4, 9], ['equalize', 0.6, 0]),
  pair(['equalize', 0, 0], ['equalize', 0.8, 0]),
  pair(['invert', 0.6, 0], ['equalize', 1, 0]),
  pair(['color', 0.6, 4], ['contrast', 1, 8]),
  pair(['rotate', 0.8, 8], ['color', 1, 2]),
  pair(['color', 0.8, 8], ['solarize', 0.8, 7]),
  pair(['sharpness', 0.4, 7], ['invert', 0.6, 0]),
  pair(['shearX', 0.6, 5], ['equalize', 1, 0]),
  pair(['color', 0.4, 0], ['equalize', 0.6, 0]),
  pair(['equalize', 0.4, 0], ['solarize', 0.2, 4]),
  pair(['solarize', 0.6, 5], ['autoContrast', 0.6, 0]),
  pair(['invert', 0.6, 0], ['equalize', 1, 0]),
  pair(['color', 0.6, 4], ['contrast', 1, 8]),
  pair(['equalize', 0.8, 0], ['equalize', 0.6, 0]),
];

const STRONG_SOLARIZE = 7;
const without = (
  policy: readonly SubPolicy[],
  refuses: (operation: PolicyOperation) => boolean,
): readonly SubPolicy[] => policy.filter((operations) => !operations.some(refuses));

const COLOUR_18 = without(IMAGENET_25, ({ name }) => isGeometric(name));

export const SUB_POLICIES: Readonly<Record<PolicyId, readonly SubPolicy[]>> = {
  imagenet25: IMAGENET_25,
  'imagenet18-color': COLOUR_18,
  'seg-safe': without(
    COLOUR_18,
    ({ name, index }) => name === 'invert' || (name === 'solarize' && index >= STRONG_SOLARIZE),
  ),
};

/** Operations whose magnitude is as likely negative. */
const SIGNED: readonly OperationName[] = [
  'shearX',
  'shearY',
  'translateX',
  'translateY',
  'rotate',
  'color',
  'contrast',
  'brightness',
  'sharpness',
];

/** The magnitude of index 0 to 9, without sign. */
export function magnitude(name: OperationName, index: number): number {
  switch (name) {
    case 'shearX':
    case 'shearY':
      return (0.3 * index) / 9;
    case 'translateX':
    case 'translateY':
      return ((150 / 331) * index) / 9;
    case 'rotate':
      return (30 * index) / 9;
    case 'color':
    case 'contrast':
    case 'brightness':
    case 'sharpness':
      return (0.9 * index) / 9;
    case 'posterize':
      return 8 - Math.floor(index / 2);
    case 'solarize':
      return 256 - (256 * index) / 9;
    case 'autoContrast':
    case 'equalize':
    case 'invert':
      return 0;
    default:
      return name satisfies never;
  }
}

/** The operations of one view: a sub-policy, each of its two operations with its probability. Always five draws. */
export function drawOperations(policy: PolicyId, random: RandomStream): readonly Operation[] {
  const subPolicies = SUB_POLICIES[policy];
  const chosen = subPolicies[random.integer(subPolicies.length)] ?? [];
  return chosen.flatMap(({ name, probability, index }) => {
    const happens = random.uniform() < probability;
    const negative = random.uniform() < 0.5 && SIGNED.includes(name);
    return happens ? [{ name, value: (negative ? -1 : 1) * magnitude(name, index) }] : [];
  });
}
