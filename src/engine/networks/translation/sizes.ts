// The sizes that style transfer comes in: a generator, used once in either direction, and a discriminator for each domain.
import type { ScopeOptions } from '../../nn/parameters.ts';
import type { Network } from '../core/network.ts';
import type { Generator } from './generator.ts';
import { buildLocalGenerator } from './localGenerator.ts';
import { buildPatchGan, buildSmallPatchGan } from './patchGan.ts';
import { buildResnetGenerator } from './resnetGenerator.ts';

export interface TranslationSize {
  readonly buildGenerator: (options: ScopeOptions) => Generator;
  readonly buildDiscriminator: (options: ScopeOptions) => Network;
  /** Sides of images must be multiples of this... */
  readonly sizeMultiple: number;
  /** ...and at least this, or nothing is left for the discriminator to judge. */
  readonly smallestSide: number;
}

/** `toy`: the built-in recipe's. `lite`: local, too, with blur in its reach. `medium`, `paper`: the authors' networks. */
export const TRANSLATION_SIZES = ['toy', 'lite', 'medium', 'paper'] as const;
export type TranslationSizeId = (typeof TRANSLATION_SIZES)[number];

const SIZES: Readonly<Record<TranslationSizeId, TranslationSize>> = {
  toy: local('toy', { hidden: 16, kernel: 1 }),
  lite: local('lite', { hidden: 24, kernel: 3 }),
  medium: authors('medium', { width: 32, blocks: 6 }),
  paper: authors('paper', { width: 64, blocks: 9 }),
};

export function translationSize(id: TranslationSizeId): TranslationSize {
  return SIZES[id];
}

/** The id under which a size's generator is exported. */
const generatorId = (size: TranslationSizeId): string => `cyclegan-${size}`;

function local(size: TranslationSizeId, shape: { hidden: number; kernel: 1 | 3 }): TranslationSize {
  return {
    buildGenerator: (options) => buildLocalGenerator(options, { id: generatorId(size), ...shape }),
    buildDiscriminator: (options) => buildSmallPatchGan(options, { id: `patchgan-${size}` }),
    sizeMultiple: 4,
    smallestSide: 8,
  };
}

function authors(size: TranslationSizeId, shape: { width: number; blocks: number }): TranslationSize {
  return {
    buildGenerator: (options) => buildResnetGenerator(options, { id: generatorId(size), ...shape }),
    buildDiscriminator: (options) => buildPatchGan(options, { id: `patchgan-${size}`, width: shape.width }),
    sizeMultiple: 4,
    smallestSide: 24,
  };
}
