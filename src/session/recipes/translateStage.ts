// Sends the source's training images through a translator once.
import { readBatch } from '../../data/feed/batcher.ts';
import type { TileSource } from '../../data/ports.ts';
import { invariant, StudioError } from '../../domain/errors.ts';
import type { NetworkRef, PairTranslatorChoice, TranslateStage } from '../../domain/recipe.ts';
import { RandomStream } from '../../domain/rng.ts';
import { pairTranslator } from '../../engine/augment/pairTranslators.ts';
import type { TranslatorProduct } from '../../engine/methods/core/defineMethod.ts';
import { methodEntry } from '../../engine/methods/registry.ts';
import { translatePictures } from '../../engine/training/translate.ts';
import { importWeights } from '../../engine/training/weights.ts';
import { openComputedStage, type PictureWork } from './computedStage.ts';
import { guardedTiles } from './labelGuard.ts';
import type { OpenStage, StageContext, StageStart } from './stage.ts';

/** Images per pass through the translator: bounds memory, changes no byte. */
const BATCH = 8;

export async function openTranslateStage(
  stage: TranslateStage,
  start: StageStart,
  context: StageContext,
): Promise<OpenStage> {
  const { translator } = stage;
  const work =
    'pair' in translator ? pairWork(stage, translator, context) : await networkWork(stage, translator, context);
  return openComputedStage(stage, start, work, context.outputs);
}

async function networkWork(stage: TranslateStage, translator: NetworkRef, context: StageContext): Promise<PictureWork> {
  const source = guardedTiles(context.source, stage.id, 'none');
  const { translate, network } = await openTranslator(translator, context);
  const { bytesPerImage } = shapeOf(source);
  return {
    ...shapeOf(source),
    compute: async (indices) => {
      const bytes = new Uint8Array(indices.length * bytesPerImage);
      for (let at = 0; at < indices.length; at += BATCH) {
        const keys = indices.slice(at, at + BATCH);
        const batch = await readBatch(source, 'train', keys, { labels: false });
        bytes.set(await translatePictures(translate, batch, keys), at * bytesPerImage);
      }
      return bytes;
    },
    dispose: () => network.dispose(),
  };
}

/** Each source image with a target image of its own, drawn by the run's seed. */
function pairWork(stage: TranslateStage, { pair, params }: PairTranslatorChoice, context: StageContext): PictureWork {
  const { config, targetTiles } = context;
  const source = guardedTiles(context.source, stage.id, 'none');
  const target = guardedTiles(context.target, stage.id, 'none');
  const translator = pairTranslator(pair);
  const { bytesPerImage } = shapeOf(source);
  return {
    ...shapeOf(source),
    compute: async (indices) => {
      const partners = indices.map((index) => new RandomStream(config.seed, 'translate', index).integer(targetTiles));
      const [from, to] = await Promise.all([source.read('train', indices), target.read('train', partners)]);
      const bytes = new Uint8Array(indices.length * bytesPerImage);
      const { size } = source.info;
      from.forEach(({ image }, i) => {
        const partner = { ...size, data: to[i]?.image ?? image };
        bytes.set(translator.translate({ ...size, data: image }, partner, params), i * bytesPerImage);
      });
      return bytes;
    },
    dispose: () => {},
  };
}

function shapeOf({ info }: TileSource): Pick<PictureWork, 'total' | 'bytesPerImage'> {
  return { total: info.splits.train.tiles, bytesPerImage: info.size.width * info.size.height * 3 };
}

/** The network alone, built as its method does, with the weights that it left behind. */
async function openTranslator(
  { stage: id, role }: NetworkRef,
  { config, outputs }: StageContext,
): Promise<TranslatorProduct> {
  const trained = config.recipe.stages.find((stage) => stage.id === id);
  invariant(trained?.kind === 'train', () => `"${id}" trains nothing.`);
  const { translator } = methodEntry(trained.method);
  if (translator?.role !== role) {
    throw new StudioError(
      'config.invalid',
      `"${role}" of the stage "${id}" translates no images.`,
      'Name the network of a stage whose method makes a translator.',
      { key: id, value: role },
    );
  }
  const weights = await outputs.loadNetwork({ stage: id, role });
  const opened = translator.open({ params: trained.params, seed: config.seed });
  importWeights(opened.network, weights);
  return opened;
}
