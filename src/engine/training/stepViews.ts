// Pictures of a step: what it would see of a batch, computed apart from it and read back as bytes. For live views; the
// (compiled) step itself is the same whether anybody looks or not.
import { invariant } from '../../domain/errors.ts';
import type { ViewSpec } from '../../domain/method.ts';
import type { StepView } from '../../domain/pictures.ts';
import { readBytes } from '../backend/readback.ts';
import * as tf from '../tf.ts';
import { planOf } from './runStep.ts';
import { batchesOf, type HostBatches, hostInputs, uploadInputs } from './stepInputs.ts';
import type { Trainer } from './trainer.ts';

/**
 * The pictures that the method declares, of the next step with this batch: call it before `runStep` to see what that step
 * learns from. Waits for the GPU.
 */
export async function stepViews(trainer: Trainer, host: HostBatches): Promise<readonly StepView[]> {
  const { info, running, streams, config } = trainer;
  const { views = [] } = info;
  const inputs = hostInputs(host, streams, config.size, planOf(trainer));
  const pictures = tf.tidy(() => {
    const tensors = uploadInputs(inputs);
    const shown = running.views(batchesOf(tensors), tensors.planned);
    return views.map((view) => asBytes(view, shown[view.name]));
  });
  try {
    return await Promise.all(
      pictures.map(async (picture, i) => viewOf(views[i], picture.shape, await readBytes(picture))),
    );
  } finally {
    tf.dispose(pictures);
  }
}

function viewOf(
  view: ViewSpec | undefined,
  [count = 0, height = 0, width = 0]: readonly number[],
  values: Uint8Array,
): StepView {
  invariant(view, () => 'There is a picture for every view.');
  return { ...view, count, size: { width, height }, values };
}

function asBytes({ name, kind }: ViewSpec, tensor: tf.Tensor | undefined): tf.Tensor {
  const rank = kind === 'image' ? 4 : 3;
  invariant(tensor?.rank === rank, () => `The view "${name}" is no ${kind}: its shape is [${tensor?.shape}].`);
  switch (kind) {
    case 'image':
      return levels(tf.mul(tf.add(tensor, 1), 127.5));
    case 'map':
      return levels(tf.mul(tensor, 255));
    case 'label':
      return tf.clone(tensor);
    default:
      return kind satisfies never;
  }
}

const levels = (values: tf.Tensor): tf.Tensor => tf.cast(tf.clipByValue(tf.round(values), 0, 255), 'int32');
