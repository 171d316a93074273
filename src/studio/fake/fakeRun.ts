// A run that pretends: it walks the stages of its recipe, predictions approach the truth step by step. What it measures is
// fakeLearning.ts.
import type { RunRecord } from '../../bridge/protocol.ts';
import type { Emit } from '../../bridge/server.ts';
import { CITYSCAPES_CLASSES, type ClassSet } from '../../domain/classes.ts';
import { DEFAULT_SCENES, type SceneSettings } from '../../domain/dataset.ts';
import type { DeviceInfo } from '../../domain/device.ts';
import { scoresOf } from '../../domain/metrics.ts';
import type { PinnedImage, PredictionFrame } from '../../domain/pictures.ts';
import { stepsOf, stepsOfStage } from '../../domain/recipe.ts';
import { RandomStream } from '../../domain/rng.ts';
import type { Evaluation, RunConfig, RunId, RunStatus, RunSummary } from '../../domain/run.ts';
import { evaluationAt, isEvaluated, metricsOf, placeOf, predictsAt, skillAt } from './fakeLearning.ts';
import { fakeTile } from './fakeTiles.ts';

export interface FakeRunOptions {
  readonly runId: RunId;
  readonly name: string;
  readonly config: RunConfig;
  readonly device: DeviceInfo;
  /** Milliseconds per update. */
  readonly stepMs: number;
  /** Updates done before, and how it was left. */
  readonly done?: number;
  readonly status?: RunStatus;
  /** Cityscapes' unless said. */
  readonly classes?: ClassSet;
}

export class FakeRun {
  readonly classes: ClassSet;
  readonly pinned: readonly PinnedImage[];
  private readonly options: FakeRunOptions;
  private readonly emit: Emit;
  private readonly steps: number;
  private readonly evaluations: Evaluation[];
  private status: RunStatus;
  private done: number;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private waiting: (() => void)[] = [];

  constructor(options: FakeRunOptions, emit: Emit) {
    const { config, done = 0, status = 'paused', classes = CITYSCAPES_CLASSES } = options;
    this.classes = classes;
    this.options = options;
    this.emit = emit;
    this.steps = stepsOf(config.recipe);
    this.done = done;
    this.status = status;
    this.evaluations = Array.from({ length: done }, (_, at) => at + 1)
      .filter((step) => isEvaluated(config, step))
      .map((step) => evaluationAt(config, step, classes.length));
    const settings: SceneSettings = config.target.kind === 'scenes' ? config.target.settings : DEFAULT_SCENES;
    this.pinned = [0, 1, 2, 3].map((index) => {
      const { labels, ...tile } = fakeTile('camera', settings, 100 + index);
      return { index, ...tile, size: settings.size, labels: labels?.map((label) => label % classes.length) ?? null };
    });
  }

  play(): void {
    if (this.done < this.steps) this.become('running');
    this.timer ??= setTimeout(() => this.tick(), this.options.stepMs);
  }
  pause(): void {
    this.halt('paused');
  }
  stop(): void {
    this.halt('stopped');
  }
  step(): void {
    this.advance();
    this.become('paused');
  }

  /** As it is stored; tells where it stands, too. */
  record(): RunRecord {
    this.become(this.status);
    const { config } = this.options;
    return { summary: this.summary(), metrics: metricsOf(config, 1, this.done), evaluations: this.evaluations };
  }

  /** Null while a stage runs that predicts nothing. */
  async frameAfter(after: number): Promise<PredictionFrame | null> {
    while (this.done <= after) await new Promise<void>((resolve) => this.waiting.push(resolve));
    const { recipe } = this.options.config;
    if (!predictsAt(recipe, this.done)) return null;
    const skill = skillAt(recipe, this.done);
    const random = new RandomStream(3, 'fake-frame', this.done);
    const predictions = this.pinned.map(({ labels }) => {
      const truth = labels ?? new Uint8Array();
      const classes = Uint8Array.from(truth, (label) =>
        random.uniform() < 0.4 + 0.6 * skill ? label : random.integer(this.classes.length),
      );
      const confidence = Uint16Array.from(truth, (label, at) =>
        Math.floor(65535 * Math.min(1, (label === classes[at] ? 0.5 : 0.2) + 0.5 * skill * random.uniform(0.6, 1))),
      );
      return { classes, confidence };
    });
    return { step: this.done, predictions };
  }

  private tick(): void {
    this.timer = null;
    if (this.status !== 'running') return;
    this.advance();
    if (this.done >= this.steps) this.halt('finished');
    else this.timer = setTimeout(() => this.tick(), this.options.stepMs);
  }

  private advance(): void {
    if (this.done >= this.steps) return;
    this.done++;
    const { runId, config } = this.options;
    this.emit('run.metrics', { runId, frame: metricsOf(config, this.done, this.done) });
    if (isEvaluated(config, this.done)) {
      const evaluation = evaluationAt(config, this.done, this.classes.length);
      this.evaluations.push(evaluation);
      this.emit('run.evaluation', { runId, evaluation });
      this.emit('run.saved', { summary: this.summary() });
    }
    for (const wake of this.waiting.splice(0)) wake();
    this.become(this.status);
  }

  private halt(status: RunStatus): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.become(status);
    this.emit('run.saved', { summary: this.summary() });
  }

  private become(status: RunStatus): void {
    this.status = status;
    const { runId, config, stepMs } = this.options;
    const { steps, done } = this;
    const place = placeOf(config.recipe, done);
    const stage = place && {
      index: place.index,
      id: place.stage.id,
      kind: place.stage.kind,
      done: place.done,
      total: stepsOfStage(place.stage),
    };
    const speed = { stepsPerSecond: 1000 / stepMs, leftMs: (steps - done) * stepMs };
    this.emit('run.state', { state: { runId, status, step: done, steps, stage, error: null, ...speed } });
  }

  private summary(): RunSummary {
    const { runId, name, config, device } = this.options;
    const { status, done: step } = this;
    const place = placeOf(config.recipe, step);
    const last = this.evaluations.at(-1);
    const score = last === undefined ? null : { step: last.step, mIoU: scoresOf(last.confusion).mIoU };
    return {
      runId,
      name,
      config,
      status,
      step,
      progress: { stage: place?.index ?? 0, done: place?.done ?? 0 },
      changes: [],
      targetTiles: 400,
      classes: this.classes,
      createdAtMs: 1000,
      updatedAtMs: 2000,
      best: score,
      last: score,
      device,
    };
  }
}
