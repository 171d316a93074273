// Sends the source's training images through a translator once.
import { readBatch } from '../../data/batcher.ts';
import { invariant, StudioError } from '../../domain/errors.ts';
import type { NetworkRef, TranslateStage } from '../../domain/recipe.ts';
import type { Translate } from '../../engine/methods/method.ts';
import { classWeightsOf } from '../../engine/training/classWeights.ts';
import { createTrainer } from '../../engine/training/trainer.ts';
import { translatePictures } from '../../engine/training/translate.ts';
import { importWeights } from '../../engine/training/weights.ts';
import { openComputedStage, type PictureWork } from './computedStage.ts';
import type { OpenStage, StageContext, StageStart } from './stage.ts';

/** Images per pass through the translator: bounds memory, changes no byte. */
const BATCH = 8;

export async function openTranslateStage(
  stage: TranslateStage,
  start: StageStart,
  context: StageContext,
): Promise<OpenStage> {
  const { source, outputs } = context;
  const { translator } = stage;
  invariant(!('pair' in translator), () => 'not yet');
  const { size, splits } = source.info;
  const { translate, dispose } = await openTranslator(translator, context);
  const bytesPerImage = size.width * size.height * 3;
  const work: PictureWork = {
    total: splits.train.tiles,
    bytesPerImage,
    compute: async (indices) => {
      const bytes = new Uint8Array(indices.length * bytesPerImage);
      for (let at = 0; at < indices.length; at += BATCH) {
        const keys = indices.slice(at, at + BATCH);
        const batch = await readBatch(source, 'train', keys, { labels: false });
        bytes.set(await translatePictures(translate, batch, keys), at * bytesPerImage);
      }
      return bytes;
    },
    dispose,
  };
  return openComputedStage(stage, start, work, outputs);
}

/** The method that trained it, with the weights that it left behind. */
async function openTranslator(
  { stage: id, role }: NetworkRef,
  { config, source, outputs }: StageContext,
): Promise<{ translate: Translate; dispose(): void }> {
  const trained = config.recipe.stages.find((stage) => stage.id === id);
  invariant(trained?.kind === 'train', () => `"${id}" trains nothing.`);
  const trainer = createTrainer({
    networkId: config.network,
    methodId: trained.method,
    params: trained.params,
    seed: config.seed,
    steps: trained.steps,
    classWeights: classWeightsOf(source.info.classPixels),
    size: source.info.size,
  });
  const { product, running } = trainer;
  const network = running.state.networks[role];
  if (product.kind !== 'translator' || network !== product.network) {
    trainer.dispose();
    throw new StudioError(
      'config.invalid',
      `"${role}" of the stage "${id}" translates no images.`,
      'Name the network of a stage whose method makes a translator.',
      { key: id, value: role },
    );
  }
  importWeights(network, await outputs.loadNetwork({ stage: id, role }));
  return { translate: product.translate, dispose: () => trainer.dispose() };
}
