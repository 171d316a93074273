// From a loss to the gradients of chosen parameters, with the terms of the loss kept for the charts.
import { invariant } from '../../domain/errors.ts';
import type { Parameter } from '../nn/parameters.ts';
import * as tf from '../tf.ts';

export interface Objective<Term extends string> {
  /** What is minimised. */
  readonly total: tf.Scalar;
  /** Its parts, for reporting. */
  readonly terms: Readonly<Record<Term, tf.Scalar>>;
}

export interface Gradients<Term extends string> {
  readonly terms: Readonly<Record<Term, tf.Scalar>>;
  /** One per parameter, in their order. */
  readonly gradients: readonly tf.Tensor[];
}

/**
 * Evaluates `objective` and its gradients with respect to `parameters`, and to nothing else: whatever is not listed is frozen.
 * Call inside `tf.tidy`.
 */
export function gradientsOf<Term extends string>(
  parameters: readonly Parameter[],
  objective: () => Objective<Term>,
): Gradients<Term> {
  let kept: Readonly<Record<Term, tf.Scalar>> | undefined;
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

function mapTerms<Term extends string>(
  terms: Readonly<Record<Term, tf.Scalar>>,
  change: (term: tf.Scalar) => tf.Scalar,
): Readonly<Record<Term, tf.Scalar>> {
  return Object.fromEntries(Object.entries<tf.Scalar>(terms).map(([name, term]) => [name, change(term)])) as Readonly<
    Record<Term, tf.Scalar>
  >;
}
