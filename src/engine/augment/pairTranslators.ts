// Style transfer that needs no training: a source image takes on something of one target image, on the host. Which target
// image that is, is drawn by whoever translates.
import type { RgbImage } from '../../domain/dataset.ts';
import { StudioError } from '../../domain/errors.ts';
import { type ParamSpecs, type ParamValues, resolveParams } from '../../domain/params.ts';
import { colourStatistics, transferColours } from './colourTransfer.ts';
import { adaptAmplitudes } from './fourierAdaptation.ts';

export interface PairTranslator {
  readonly info: { readonly id: string; readonly citation: string; readonly params: ParamSpecs };
  /** RGB bytes of the source's size. Throws `config.invalid` for parameters that the specs do not accept. */
  translate(source: RgbImage, target: RgbImage, params: ParamValues): Uint8Array;
}

const FDA_PARAMS = {
  beta: { kind: 'number', default: 0.05, min: 0, max: 0.3, step: 0.01 },
} as const satisfies ParamSpecs;

const fda: PairTranslator = {
  info: { id: 'fda', citation: 'Yang & Soatto, FDA, CVPR 2020', params: FDA_PARAMS },
  translate: (source, target, params) =>
    toBytes(adaptAmplitudes(source, target, resolveParams(FDA_PARAMS, params).beta)),
};

const colourTransfer: PairTranslator = {
  info: { id: 'colour-transfer', citation: 'Reinhard et al., IEEE CG&A 2001', params: {} },
  translate: (source, target, params) => {
    resolveParams({}, params);
    return toBytes(transferColours(source, colourStatistics(target.data)));
  },
};

export const PAIR_TRANSLATORS: readonly PairTranslator[] = [fda, colourTransfer];

/** Throws `config.invalid` for an id that is not listed. */
export function pairTranslator(id: string): PairTranslator {
  const found = PAIR_TRANSLATORS.find(({ info }) => info.id === id);
  if (found !== undefined) return found;
  const known = PAIR_TRANSLATORS.map(({ info }) => info.id).join(', ');
  throw new StudioError('config.invalid', `There is no translator "${id}".`, `Choose one of: ${known}.`, {
    translator: id,
  });
}

/** Values on the scale 0..255 as bytes: rounded, and held within. */
export function toBytes(values: Float64Array): Uint8Array {
  return Uint8Array.from(Uint8ClampedArray.from(values));
}
