// Several batches through one network. Where nothing keeps them apart they go as one: fewer, larger dispatches.
import type { Network } from '../../networks/core/network.ts';
import { joinBatches } from '../../ops/batches/joinBatches.ts';
import { splitBatch } from '../../ops/batches/splitBatch.ts';
import type * as tf from '../../tf.ts';

/** Class scores of one batch, of the auxiliary classifier as well where there is one. */
export interface Scores {
  readonly main: tf.Tensor4D;
  readonly aux?: tf.Tensor4D;
}
type ScoresOf<Parts extends readonly tf.Tensor4D[]> = { readonly [K in keyof Parts]: Scores };

/**
 * Training scores of every batch. They are joined where that gives the same: sizes agree, and the network keeps no running
 * statistics, which follow each domain in its turn; nor could batch statistics be taken over a mixture of domains.
 */
export function forwardTogether<const Parts extends readonly tf.Tensor4D[]>(
  network: Network,
  parts: Parts,
): ScoresOf<Parts> {
  return (
    isJoinable(network, parts) ? joined(network, parts) : parts.map((part) => forward(network, part))
  ) as ScoresOf<Parts>;
}

function isJoinable({ parameters }: Network, [first, ...rest]: readonly tf.Tensor4D[]): boolean {
  const [, height, width] = first?.shape ?? [];
  const isOneSize = rest.every(({ shape }) => shape[1] === height && shape[2] === width);
  return isOneSize && parameters.every(({ kind }) => kind === 'weight');
}

function joined(network: Network, parts: readonly tf.Tensor4D[]): Scores[] {
  const { main, aux } = forward(network, joinBatches(parts));
  const counts = parts.map(({ shape: [batch] }) => batch);
  const mains = splitBatch(main, counts);
  const auxes = aux === undefined ? [] : splitBatch(aux, counts);
  return mains.map((scores, i) => {
    const second = auxes[i];
    return { main: scores, ...(second === undefined ? {} : { aux: second }) };
  });
}

function forward({ forward, forwardLevels }: Network, images: tf.Tensor4D): Scores {
  return forwardLevels === undefined ? { main: forward(images, 'train') } : forwardLevels(images, 'train');
}
