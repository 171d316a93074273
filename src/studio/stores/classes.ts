// Which classes are on screen, and over which of them the mean is taken.
import { useMemo } from 'react';
import { CITYSCAPES_CLASSES, type ClassSet, classesOf } from '../../domain/classes.ts';
import type { DatasetInfo } from '../../domain/dataset.ts';
import { isOffered, MEAN_SUBSETS, type MeanSubset, withMeanOver } from '../../domain/meanSubsets.ts';
import type { DatasetChoice } from './draft.ts';
import type { ScoredEvaluation } from './metrics.ts';
import type { RunsState } from './runs.ts';
import { useStudioState } from './studioContext.ts';
import { SHOWN_CLASSES } from './view.ts';

export function chosenClasses(choice: DatasetChoice, imported: readonly DatasetInfo[]): ClassSet {
  if (choice.kind === 'scenes') return CITYSCAPES_CLASSES;
  return classesOf(imported.find(({ id }) => id === choice.id) ?? {});
}

/** The open run's; before there is one, those of the source that is chosen. */
export function useClasses(): ClassSet {
  const ofRun = useStudioState('runs', ({ current }: RunsState) => current?.classes ?? null);
  const source = useStudioState('draft', (state) => state.source);
  const imported = useStudioState('datasets', (state) => state.imported);
  return ofRun ?? chosenClasses(source, imported);
}

/** What the mean of the page can be taken over beside all classes; the last: those that nobody has hidden. */
export function subsetsOf(classes: ClassSet, hidden: readonly string[]): readonly MeanSubset[] {
  const names = classes.map(({ name }) => name).filter((name) => !hidden.includes(name));
  return [...MEAN_SUBSETS.filter((subset) => isOffered(subset, classes)), { id: SHOWN_CLASSES, names }];
}

/** The chosen one; null: all classes, or what is chosen is not offered for these. */
export function useMeanSubset(): MeanSubset | null {
  const classes = useClasses();
  const mean = useStudioState('view', (state) => state.mean);
  const hidden = useStudioState('view', (state) => state.hidden);
  return useMemo(() => subsetsOf(classes, hidden).find(({ id }) => id === mean) ?? null, [classes, hidden, mean]);
}

/** The run's evaluations, their mean over what is chosen. */
export function useEvaluations(): readonly ScoredEvaluation[] {
  const evaluations = useStudioState('metrics', (state) => state.evaluations);
  const classes = useClasses();
  const subset = useMeanSubset();
  return useMemo(() => {
    if (subset === null) return evaluations;
    return evaluations.map((one) => ({ ...one, scores: withMeanOver(one.scores, subset, classes) }));
  }, [evaluations, classes, subset]);
}
