// The students of UDAS (paper, section 3.5). They differ in what anchors their batch: images with true labels beside what a
// teacher labels as it comes, or, as the paper has it, nothing beside pseudo-labels that are stored.
import type { MethodInfo } from '../../../../domain/method.ts';
import type { ParamSpecs } from '../../../../domain/params.ts';
import {
  type Batches,
  defineMethod,
  labelledBatch,
  type Method,
  type MethodDefinition,
  targetImages,
} from '../../core/defineMethod.ts';
import {
  ANCHORED_PARAMS,
  buildAnchored,
  buildStudent,
  planAnchored,
  planStudent,
  STRICT_PARAMS,
  type StudentPlan,
  type StudentState,
} from './settings.ts';
import { STUDENT_METRICS, stepAnchored, stepStrict } from './step.ts';
import { ANCHORED_VIEWS, anchoredViews, STRICT_VIEWS, strictViews } from './views.ts';

interface Student extends Pick<MethodInfo, 'id' | 'citation'> {
  /** The stream with true labels; null: none. */
  readonly anchor: 'labelledTarget' | 'source' | null;
}

export function defineStudent({ anchor, ...info }: Student): Method {
  return anchor === null ? strict(info) : anchored(info, anchor);
}

function anchored(info: Pick<MethodInfo, 'id' | 'citation'>, anchor: 'labelledTarget' | 'source'): Method {
  const needs = { sourceLabels: anchor === 'source', targetImages: true, targetLabels: anchor === 'labelledTarget' };
  const seen = (batches: Batches) => [targetImages(batches), labelledBatch(batches, anchor)] as const;
  return student({
    info: { ...info, needs, params: ANCHORED_PARAMS, views: ANCHORED_VIEWS },
    streams: ({ batchSize, anchorImages }) => ({ target: batchSize, [anchor]: anchorImages }),
    build: buildAnchored,
    plan: planAnchored,
    step: (state, batches, planned) => stepAnchored(state, ...seen(batches), planned),
    views: (state, batches, planned) => anchoredViews(state, ...seen(batches), planned),
  });
}

function strict(info: Pick<MethodInfo, 'id' | 'citation'>): Method {
  const needs = { sourceLabels: false, targetImages: false, targetLabels: false, pseudoLabels: true };
  const seen = (batches: Batches) => labelledBatch(batches, 'pseudoTarget');
  return student({
    info: { ...info, needs, params: STRICT_PARAMS, views: STRICT_VIEWS },
    streams: ({ batchSize }) => ({ pseudoTarget: batchSize }),
    build: (context) => buildStudent(context),
    plan: (state, context) => planStudent(state, context, context.params.batchSize),
    step: (state, batches, planned) => stepStrict(state, seen(batches), planned),
    views: (_, batches, planned) => strictViews(seen(batches), planned),
  });
}

/** What every student reports, and that the average of its weights is the result. */
function student<Specs extends ParamSpecs, State extends StudentState, P extends StudentPlan>(
  parts: Omit<MethodDefinition<Specs, State, P>, 'metrics' | 'predictor' | 'translator'>,
): Method {
  return defineMethod<Specs, State, P>({
    ...parts,
    metrics: STUDENT_METRICS,
    predictor: ({ networks }) => networks.average,
  });
}
