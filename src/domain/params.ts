// Declares a hyper-parameter once: form, validation, command line, run record and comparison are derived from it.
// Texts lie beside the declaration, in `texts.json` under `params.<key>`.
import { StudioError } from './errors.ts';
import { didYouMean } from './nearest.ts';
import { ownEntry } from './ownEntry.ts';

interface AnyParam {
  /**
   * `threshold`: the confidence from which a pixel is kept. `learning-rate`: what to lower where training diverged. At most one
   * parameter of a method has each.
   */
  readonly role?: 'threshold' | 'learning-rate';
  /** In English: what the studio shows where it has no text; the key where both are absent. */
  readonly label?: string;
  /** Decides what is built or how many images are read: cannot be changed while a run or a stage is under way. */
  readonly fixed?: true;
}
export interface NumberParam extends AnyParam {
  readonly kind: 'number';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly scale?: 'linear' | 'log';
  readonly integer?: boolean;
}
export interface ChoiceParam<Option extends string = string> extends AnyParam {
  readonly kind: 'choice';
  readonly default: Option;
  readonly options: readonly Option[];
}
export interface ToggleParam extends AnyParam {
  readonly kind: 'toggle';
  readonly default: boolean;
}
export type ParamSpec = NumberParam | ChoiceParam | ToggleParam;
export type ParamSpecs = Readonly<Record<string, ParamSpec>>;
export type ParamValue = number | string | boolean;
export type ParamValues = Readonly<Record<string, ParamValue>>;

/** The value type that a set of specs declares. */
export type ValuesOf<Specs extends ParamSpecs> = {
  readonly [K in keyof Specs]: Specs[K] extends NumberParam
    ? number
    : Specs[K] extends ChoiceParam<infer Option>
      ? Option
      : boolean;
};

export function defaultsOf<Specs extends ParamSpecs>(specs: Specs): ValuesOf<Specs> {
  return Object.fromEntries(Object.entries(specs).map(([key, spec]) => [key, spec.default])) as ValuesOf<Specs>;
}

const accepts = (spec: ParamSpec, value: ParamValue): boolean => {
  switch (spec.kind) {
    case 'number':
      return (
        typeof value === 'number' &&
        value >= spec.min &&
        value <= spec.max &&
        (spec.integer !== true || Number.isInteger(value))
      );
    case 'choice':
      return typeof value === 'string' && spec.options.includes(value);
    case 'toggle':
      return typeof value === 'boolean';
    default:
      return spec satisfies never;
  }
};

/** Defaults overlaid with `given`. Throws `config.invalid` for an unknown key or a value its spec does not accept. */
export function resolveParams<Specs extends ParamSpecs>(specs: Specs, given: ParamValues): ValuesOf<Specs> {
  for (const [key, value] of Object.entries(given)) {
    const spec = ownEntry<ParamSpec>(specs, key);
    if (spec === undefined || !accepts(spec, value)) {
      throw new StudioError(
        'config.invalid',
        spec === undefined ? `There is no parameter "${key}".` : `${key} = ${value} is outside what ${key} accepts.`,
        spec === undefined
          ? `${didYouMean(key, Object.keys(specs))}Known parameters: ${Object.keys(specs).join(', ')}.`
          : `It accepts ${acceptedBy(spec)}.`,
        { key, value },
      );
    }
  }
  return { ...defaultsOf(specs), ...given } as ValuesOf<Specs>;
}

function acceptedBy(spec: ParamSpec): string {
  switch (spec.kind) {
    case 'number':
      return `${spec.integer === true ? 'whole numbers' : 'numbers'} from ${spec.min} to ${spec.max}`;
    case 'choice':
      return spec.options.join(', ');
    case 'toggle':
      return 'true or false';
    default:
      return spec satisfies never;
  }
}
