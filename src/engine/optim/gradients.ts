// From a loss to the gradients of chosen parameters, with the terms of the loss kept for the charts.
import { invariant } from '../../domain/errors.ts';
import type { Parameter } from '../nn/parameters.ts';
import * as tf from '../tf.ts';

export interface Objective<Kept> {
  /** What is minimised. */
  readonly total: tf.Scalar;
  /** Its parts, for reporting, and what else of the forward pass is needed after it; detached. */
  readonly terms: Kept;
}

export interface Gradients<Kept> {
  readonly terms: Kept;
  /** One per parameter, in their order. */
  readonly gradients: readonly tf.Tensor[];
}

/**
 * Evaluates `objective` and its gradients with respect to `parameters`, and to nothing else: whatever is not listed is frozen.
 * Call inside `tf.tidy`.
 */
export function gradientsOf<Kept extends Readonly<Record<string, tf.Tensor>>>(
  parameters: readonly Parameter[],
  objective: () => Objective<Kept>,
): Gradients<Kept> {
  let kept: Kept | undefined;
  const variables = parameters.map(({ variable }) => variable);
  const { value, grads } = tf.variableGrads(() => {
    const { total, terms } = objective();
    // The gradient tape tidies up everything but the total.
    kept = mapTerms(terms, (term) => tf.keep(tf.clone(term)));
    return total;
  }, variables);
  value.dispose();
  invariant(kept, () => 'The objective was not evaluated.');
  const terms = mapTerms(kept, (term) => {
    const tracked = tf.clone(term);
    term.dispose();
    return tracked;
  });
  const gradients = parameters.map(({ name, variable }) => {
    const gradient = grads[variable.name];
    invariant(gradient, () => `The loss does not depend on "${name}".`);
    return gradient;
  });
  return { terms, gradients };
}

function mapTerms<Kept extends Readonly<Record<string, tf.Tensor>>>(
  terms: Kept,
  change: (term: tf.Tensor) => tf.Tensor,
): Kept {
  return Object.fromEntries(Object.entries(terms).map(([name, term]) => [name, change(term)])) as Kept;
}
