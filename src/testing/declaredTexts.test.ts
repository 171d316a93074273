// What says of itself that it exists has texts in both languages, and no text speaks of what nobody declares.
import { describe, expect, test } from 'vitest';
import type { MetricSpec } from '../domain/metrics.ts';
import { VALIDATION_METRICS } from '../domain/metrics.ts';
import type { ParamSpecs } from '../domain/params.ts';
import { PAIR_TRANSLATORS } from '../engine/augment/pairTranslators.ts';
import { METHODS } from '../engine/methods/registry.ts';
import { NETWORKS } from '../engine/networks/registry.ts';
import { PSEUDO_LABEL_PARAMS } from '../engine/training/pseudoLabel.ts';
import { SHIPPED_RECIPES } from '../session/recipes/shippedRecipes.ts';
import { TRUTH_VIEW } from '../session/recipes/truthBeside.ts';
import { SYSTEM_METRICS } from '../session/run/systemMetrics.ts';
import { TEXTS, type TextTree } from '../studio/i18n/texts.ts';

const textAt = (tree: TextTree | undefined, [key, ...rest]: readonly string[]): TextTree | undefined =>
  key === undefined || tree === undefined || typeof tree === 'string' ? tree : textAt(tree[key], rest);
const branch = (section: string): readonly string[] => Object.keys(textAt(TEXTS.en, [section]) ?? {});

const methods = METHODS.map(({ info }) => info);
const networks = NETWORKS.map(({ info }) => info);
const pairs = PAIR_TRANSLATORS.map(({ info }) => info);
const paramSets: readonly ParamSpecs[] = [
  ...[...methods, ...networks, ...pairs].map(({ params = {} }) => params),
  PSEUDO_LABEL_PARAMS,
];
const metrics: readonly MetricSpec[] = [
  ...methods.flatMap((method) => method.metrics),
  ...SYSTEM_METRICS,
  ...Object.values(VALIDATION_METRICS),
];
const views = [...methods.flatMap((method) => method.views ?? []), TRUTH_VIEW];
const ablationSteps = SHIPPED_RECIPES.flatMap(({ stages }) =>
  stages.flatMap((stage) => ('rung' in stage && stage.rung !== undefined ? [stage.rung] : [])),
);

/** By the section of the texts that holds them: what there is, and the keys under each that have to be there. */
const DECLARED: Readonly<Record<string, ReadonlyMap<string, readonly string[]>>> = {
  methods: new Map([...methods, ...pairs].map(({ id }) => [id, ['name', 'help']])),
  networks: new Map(networks.map(({ id }) => [id, ['name', 'help']])),
  recipes: new Map(SHIPPED_RECIPES.map(({ id }) => [id, ['name', 'help']])),
  params: new Map(paramSets.flatMap((specs) => Object.keys(specs)).map((key) => [key, ['name', 'help']])),
  metrics: new Map(metrics.map(({ key }) => [key, []])),
  views: new Map(views.map(({ name }) => [name, []])),
  rungs: new Map(ablationSteps.map((step) => [step, []])),
};

describe.each(Object.entries(DECLARED))('%s', (section, declared) => {
  test.each(['en', 'ko'] as const)('have a text each, in %s', (language) => {
    const missing = [...declared].flatMap(([id, parts]) =>
      (parts.length === 0 ? [[]] : parts.map((part) => [part]))
        .map((path) => [section, id, ...path])
        .filter((path) => typeof textAt(TEXTS[language], path) !== 'string'),
    );
    expect(missing).toEqual([]);
  });

  test('are all that has a text', () => {
    expect(branch(section).filter((id) => !declared.has(id))).toEqual([]);
  });
});

test('every choice has a name where the texts name any, and no name is left over', () => {
  for (const specs of paramSets) {
    for (const [key, spec] of Object.entries(specs)) {
      const named = Object.keys(textAt(TEXTS.en, ['params', key, 'options']) ?? {});
      const options = paramSets.flatMap((others) => {
        const other = others[key];
        return other?.kind === 'choice' ? [...other.options] : [];
      });
      expect(
        named.filter((option) => !options.includes(option)),
        key,
      ).toEqual([]);
      if (named.length > 0 && spec.kind === 'choice')
        expect(
          spec.options.filter((o) => !named.includes(o)),
          key,
        ).toEqual([]);
    }
  }
});

test('what several declare, they declare alike, and its label is the English text', () => {
  for (const spec of metrics) {
    expect(metrics.find(({ key }) => key === spec.key)).toEqual(spec);
    expect(textAt(TEXTS.en, ['metrics', spec.key])).toBe(spec.label);
  }
  for (const view of views) {
    expect(views.find(({ name }) => name === view.name)).toEqual(view);
    expect(textAt(TEXTS.en, ['views', view.name])).toBe(view.label);
  }
});
