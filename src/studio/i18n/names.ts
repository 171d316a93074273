// Translated names of things the worker declares at run time (methods, networks, parameters, metrics, classes, errors).
// A name nobody translated shows the declaration's own label, or the id: tests make sure that what ships is translated.
import type { TFunction } from 'i18next';
import { CITYSCAPES_CLASSES, type SegmentationClass } from '../../domain/classes.ts';
import type { ErrorCode, SerialisedError } from '../../domain/errors.ts';
import type { ViewSpec } from '../../domain/method.ts';
import type { MetricSpec } from '../../domain/metrics.ts';
import type { ParamSpec, ParamValue } from '../../domain/params.ts';
import type { Stage } from '../../domain/recipe.ts';

/** Keys that are only known at run time leave the typed part of the translator; here and nowhere else. */
type Loose = (key: string, options: Record<string, unknown>) => string;

const lookUp = (t: TFunction, key: string, fallback: string, values: Record<string, unknown> = {}): string =>
  (t as unknown as Loose)(key, { ...values, defaultValue: fallback });

export function methodName(t: TFunction, id: string): string {
  return lookUp(t, `methods.${id}.name`, id);
}
export function methodHelp(t: TFunction, id: string): string {
  return lookUp(t, `methods.${id}.help`, '');
}
/** The recipe of a single method has the method's id, and its name. */
export function recipeName(t: TFunction, id: string): string {
  return lookUp(t, `recipes.${id}.name`, methodName(t, id));
}
export function recipeHelp(t: TFunction, id: string): string {
  return lookUp(t, `recipes.${id}.help`, '');
}
export function ablationStepName(t: TFunction, rung: string): string {
  return lookUp(t, `rungs.${rung}`, rung);
}
/** A number of labelled images as people say it. */
export function labelCountName(t: TFunction, count: number | 'all'): string {
  return count === 'all' ? t('stages.allLabels') : String(count);
}
/** By the row that it fills where it fills one, else by what it does; with the number of labels where it names one. */
export function stageName(t: TFunction, stage: Stage): string {
  switch (stage.kind) {
    case 'train':
      if (stage.rung === undefined) return methodName(t, stage.method);
      if (stage.labels === undefined) return ablationStepName(t, stage.rung);
      return t('stages.atLabels', { name: ablationStepName(t, stage.rung), labels: labelCountName(t, stage.labels) });
    case 'translate':
      return t('stages.translate');
    case 'pseudo-label':
      return t('stages.pseudoLabel');
    default:
      return stage satisfies never;
  }
}
/** The recogniser's own name where there is no translation. */
export function layoutName(t: TFunction, id: string, label: string): string {
  return lookUp(t, `layouts.${id}`, label);
}
export function networkName(t: TFunction, id: string, label = id): string {
  return lookUp(t, `networks.${id}.name`, label);
}
export function networkHelp(t: TFunction, id: string): string {
  return lookUp(t, `networks.${id}.help`, '');
}
export function paramName(t: TFunction, key: string, { label = key }: ParamSpec): string {
  return lookUp(t, `params.${key}.name`, label);
}
export function paramHelp(t: TFunction, key: string): string {
  return lookUp(t, `params.${key}.help`, '');
}
export function paramOption(t: TFunction, key: string, option: string): string {
  return lookUp(t, `params.${key}.options.${option}`, option);
}
/** A value as people read it. */
export function paramValue(t: TFunction, key: string, value: ParamValue): string {
  switch (typeof value) {
    case 'boolean':
      return t(value ? 'common.yes' : 'common.no');
    case 'string':
      return paramOption(t, key, value);
    default:
      return String(value);
  }
}
/** Without its unit. */
export function metricName(t: TFunction, { key, label }: MetricSpec): string {
  return lookUp(t, `metrics.${key}`, label);
}
export function viewName(t: TFunction, { name, label }: ViewSpec): string {
  return lookUp(t, `views.${name}`, label);
}
export function paneName(t: TFunction, id: string): string {
  return lookUp(t, `panes.${id}.name`, id);
}
/** Cityscapes' names in the reader's language, others as they were given; what is no class is ignored. */
export function classLabel(t: TFunction, one: SegmentationClass | undefined): string {
  if (one === undefined) return t('classes.ignored');
  const isKnown = CITYSCAPES_CLASSES.some(({ name }) => name === one.name);
  return isKnown ? lookUp(t, `classes.${one.name}`, one.name) : one.name;
}

export function errorTitle(t: TFunction, code: ErrorCode): string {
  return t(`errors.${code}.title`);
}
export function errorAdvice(t: TFunction, error: SerialisedError): string {
  return lookUp(t, `errors.${error.code}.advice`, error.advice, error.context);
}
