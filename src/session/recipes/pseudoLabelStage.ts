// Lets the network of an earlier stage label the target's training images. Decisions and confidences are stored before any
// threshold, with the counts that class-wise thresholds need; the threshold acts when the labels are read.
import { readBatch } from '../../data/feed/batcher.ts';
import type { TileSource } from '../../data/ports.ts';
import { divergences } from '../../domain/divergence.ts';
import { StudioError } from '../../domain/errors.ts';
import { type ParamValues, resolveParams } from '../../domain/params.ts';
import type { StagePictures } from '../../domain/pictures.ts';
import {
  CONFIDENCE_LEVELS,
  type ConfidenceSurvey,
  emptySurvey,
  keepConfident,
  mergeSurveys,
  statisticsOf,
  thresholdLevels,
} from '../../domain/pseudoLabels.ts';
import type { PseudoLabelStage } from '../../domain/recipe.ts';
import { type PoolBatch, PSEUDO_LABEL_PARAMS, pseudoLabel } from '../../engine/training/pseudoLabel.ts';
import { loadNetwork } from '../../engine/training/weights.ts';
import { ComputedPictures, openComputedStage, type PictureWork } from './computedStage.ts';
import { guardedTiles } from './labelGuard.ts';
import type { OpenStage, StageContext, StageStart } from './stage.ts';

/** Images per pass through the teacher, each in all its views: bounds memory, changes no byte. */
const BATCH = 4;

export async function openPseudoLabelStage(
  stage: PseudoLabelStage,
  start: StageStart,
  context: StageContext,
): Promise<OpenStage> {
  const { config, outputs } = context;
  const target = guardedTiles(context.target, stage.id, 'none');
  const params = resolveParams(PSEUDO_LABEL_PARAMS, stage.params);
  const teacher = loadNetwork(await outputs.loadNetwork(stage.teacher));
  const { size, splits } = target.info;
  const pixels = size.width * size.height;
  let survey = emptySurvey(context.classes.length);
  const work: PictureWork = {
    total: splits.train.tiles,
    bytesPerImage: 2 * pixels,
    compute: async (indices) => {
      const bytes = new Uint8Array(indices.length * 2 * pixels);
      const labelled = pseudoLabel((images) => teacher.forward(images, 'evaluate'), poolOf(target, indices), {
        ...params,
        seed: config.seed,
        round: roundOf(stage, context),
        levels: new Uint8Array(0),
      });
      for await (const part of labelled) {
        part.ids.forEach((id, i) => {
          const at = (id - (indices[0] ?? 0)) * 2 * pixels;
          bytes.set(part.classes.subarray(i * pixels, (i + 1) * pixels), at);
          bytes.set(part.confidence.subarray(i * pixels, (i + 1) * pixels), at + pixels);
        });
        survey = mergeSurveys(survey, part.survey);
      }
      return bytes;
    },
    memory: () => JSON.stringify({ ...survey, levels: [...survey.levels] }),
    recall: (memory) => {
      survey = surveyIn(memory);
    },
    check: () => refuseDivergence(stage, survey, context),
    dispose: () => teacher.dispose(),
  };
  return openComputedStage(stage, start, work, outputs);
}

/** The target as the stage labelled it. Throws `data.not-found` before the stage is done. */
export async function pseudoLabelledTiles(stage: PseudoLabelStage, context: StageContext): Promise<TileSource> {
  const target = guardedTiles(context.target, stage.id, 'none');
  const pictures = await ComputedPictures.of(stage.id, context.outputs);
  const levels = levelsOf(stage.params, surveyIn(pictures.memory));
  const { info } = target;
  const train = { tiles: pictures.images, labelled: pictures.images };
  return {
    info: { ...info, splits: { ...info.splits, train } },
    read: async (split, indices) => {
      const tiles = await target.read(split, indices);
      const pictured = await Promise.all(indices.map((index) => pictures.read(index)));
      return tiles.map(({ name, image }, i) => {
        const both = pictured[i] ?? new Uint8Array(0);
        const half = both.length / 2;
        return { name, image, labels: keepConfident(both.subarray(0, half), both.subarray(half), levels) };
      });
    },
  };
}

/** What the threshold leaves of all the stage's labels. Throws `data.not-found` before the stage is done. */
export async function labellingOf(
  stage: PseudoLabelStage,
  { outputs }: StageContext,
): Promise<StagePictures['labelling']> {
  const survey = surveyIn((await ComputedPictures.of(stage.id, outputs)).memory);
  const levels = levelsOf(stage.params, survey);
  const thresholds = Array.from(levels, (level) => level / (CONFIDENCE_LEVELS - 1));
  return { thresholds, statistics: statisticsOf(survey, levels) };
}

function levelsOf(given: ParamValues, survey: ConfidenceSurvey): Uint8Array {
  const { thresholdRule, threshold } = resolveParams(PSEUDO_LABEL_PARAMS, given);
  return thresholdLevels(thresholdRule, threshold, survey);
}

function surveyIn(memory: string): ConfidenceSurvey {
  const { levels, ...rest } = JSON.parse(memory);
  return { ...rest, levels: Float64Array.from(levels) };
}

/** A class with a smaller share of the labels comes and goes by chance: that says nothing about self-training. */
const MIN_SHARE = 0.001;

/** Halts where the labels of the round before, which the teacher learnt from, say that self-training has gone astray. */
async function refuseDivergence(
  stage: PseudoLabelStage,
  survey: ConfidenceSurvey,
  context: StageContext,
): Promise<void> {
  const { stages } = context.config.recipe;
  const teacher = stages.find(({ id }) => id === stage.teacher.stage);
  const before = stages.find(({ id }) => teacher?.kind === 'train' && id === teacher.pseudoLabels);
  if (before?.kind !== 'pseudo-label') return;
  const previous = surveyIn((await ComputedPictures.of(before.id, context.outputs)).memory);
  const found = divergences(
    statisticsOf(previous, levelsOf(before.params, previous)),
    statisticsOf(survey, levelsOf(stage.params, survey)),
  ).find((reason) => reason.kind !== 'class-collapse' || reason.before >= MIN_SHARE);
  if (found === undefined) return;
  const what =
    found.kind === 'class-collapse'
      ? `the share of ${context.classes[found.class]?.name ?? found.class} fell from ${percent(found.before)} to ${percent(found.after)}`
      : `${percent(found.coverage)} of the pixels are kept while the views agree less than before`;
  throw new StudioError(
    'train.diverged',
    `The pseudo-labels of "${stage.id}" have gone astray: ${what}.`,
    'Raise the threshold, keep labelled images in the batches, or stop at the round before.',
    { stage: stage.id, reason: found.kind },
  );
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** How many pseudo-label stages come before this one: every round sees other views. */
function roundOf(stage: PseudoLabelStage, { config }: StageContext): number {
  const rounds = config.recipe.stages.filter(({ kind }) => kind === 'pseudo-label');
  return rounds.findIndex(({ id }) => id === stage.id);
}

async function* poolOf(target: TileSource, indices: readonly number[]): AsyncGenerator<PoolBatch> {
  for (let at = 0; at < indices.length; at += BATCH) {
    const ids = indices.slice(at, at + BATCH);
    yield { batch: await readBatch(target, 'train', ids, { labels: false }), ids };
  }
}
