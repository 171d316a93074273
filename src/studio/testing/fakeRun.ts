// A run that pretends: the loss falls, the confusion sharpens, predictions approach the truth step by step.
import type { RunRecord } from '../../bridge/protocol.ts';
import type { Emit } from '../../bridge/server.ts';
import { CLASS_COUNT } from '../../domain/classes.ts';
import { DEFAULT_SCENES, type SceneSettings } from '../../domain/dataset.ts';
import type { DeviceInfo } from '../../domain/device.ts';
import type { MetricFrame } from '../../domain/metrics.ts';
import type { PinnedImage, PredictionFrame } from '../../domain/pictures.ts';
import { stepsOf } from '../../domain/recipe.ts';
import { RandomStream } from '../../domain/rng.ts';
import type { Evaluation, RunConfig, RunId, RunStatus, RunSummary } from '../../domain/run.ts';
import { fakeTile } from './fakeScenes.ts';

const series = (steps: readonly number[], values: readonly number[]) => ({
  steps: Float64Array.from(steps),
  values: Float64Array.from(values),
});

export class FakeRun {
  readonly pinned: readonly PinnedImage[];
  private readonly runId: RunId;
  private readonly name: string;
  private readonly config: RunConfig;
  private readonly device: DeviceInfo;
  private readonly emit: Emit;
  private readonly stepMs: number;
  private readonly steps: number;
  private readonly evaluations: Evaluation[] = [];
  private status: RunStatus = 'paused';
  private done: number;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private waiting: (() => void)[] = [];

  constructor(runId: RunId, name: string, config: RunConfig, device: DeviceInfo, emit: Emit, stepMs: number, done = 0) {
    this.runId = runId;
    this.name = name;
    this.config = config;
    this.device = device;
    this.emit = emit;
    this.stepMs = stepMs;
    this.steps = stepsOf(config.recipe);
    this.done = done;
    const settings: SceneSettings = config.target.kind === 'scenes' ? config.target.settings : DEFAULT_SCENES;
    this.pinned = [0, 1, 2, 3].map((index) => {
      const { name: tileName, image, labels } = fakeTile('camera', settings, 100 + index);
      return { index, name: tileName, size: settings.size, image, labels };
    });
  }

  play(): void {
    if (this.done < this.steps) this.become('running');
    this.timer ??= setTimeout(() => this.tick(), this.stepMs);
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

  record(): RunRecord {
    const steps = Array.from({ length: this.done }, (_, index) => index + 1);
    const metrics: MetricFrame = {
      'train/loss_seg': series(
        steps,
        steps.map((step) => this.lossAt(step)),
      ),
    };
    return { summary: this.summary(), metrics, evaluations: this.done > 0 ? [this.evaluation()] : [] };
  }

  async frameAfter(after: number): Promise<PredictionFrame> {
    while (this.done <= after) await new Promise<void>((resolve) => this.waiting.push(resolve));
    const skill = this.skill();
    const random = new RandomStream(3, 'fake-frame', this.done);
    const predictions = this.pinned.map(({ labels }) => {
      const truth = labels ?? new Uint8Array();
      const classes = Uint8Array.from(truth, (label) =>
        random.uniform() < 0.4 + 0.6 * skill ? label : random.integer(19),
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
    else this.timer = setTimeout(() => this.tick(), this.stepMs);
  }

  private advance(): void {
    if (this.done >= this.steps) return;
    this.done++;
    const rate = 0.003 * (1 - this.done / this.steps) ** 0.9;
    const frame: MetricFrame = {
      'train/loss_seg': series([this.done], [this.lossAt(this.done)]),
      'train/lr': series([this.done], [rate]),
    };
    this.emit('run.metrics', { runId: this.runId, frame });
    if (this.done % this.config.evaluateEvery === 0 || this.done === this.steps) {
      const evaluation = this.evaluation();
      this.evaluations.push(evaluation);
      this.emit('run.evaluation', { runId: this.runId, evaluation });
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
    const { runId, steps, done } = this;
    const left = (steps - done) * this.stepMs;
    const [first] = this.config.recipe.stages;
    const stage = first === undefined ? null : { index: 0, id: first.id, kind: first.kind, done, total: steps };
    const speed = { stepsPerSecond: 1000 / this.stepMs, leftMs: left };
    this.emit('run.state', { state: { runId, status, step: done, steps, stage, error: null, ...speed } });
  }

  private skill(): number {
    return 1 - Math.exp((-3 * this.done) / this.steps);
  }
  private lossAt(step: number): number {
    const noise = new RandomStream(5, 'fake-loss', step).uniform(-0.12, 0.12);
    return 0.3 + 2.6 * Math.exp((-4 * step) / this.steps) + noise;
  }

  private evaluation(): Evaluation {
    const confusion = new Float64Array(CLASS_COUNT * CLASS_COUNT);
    const skill = this.skill();
    // Class 16 (train) stays absent, as it does in many real validation sets.
    for (let truth = 0; truth < CLASS_COUNT; truth++) {
      if (truth === 16) continue;
      const hit = Math.min(0.97, skill * (1.05 - truth / 28));
      confusion[truth * CLASS_COUNT + truth] = Math.round(1000 * hit);
      confusion[truth * CLASS_COUNT + ((truth + 1) % 16)] = Math.round(1000 * (1 - hit));
    }
    return { step: this.done, images: 24, confusion };
  }

  private summary(): RunSummary {
    const { runId, name, config, status, done: step, device } = this;
    const score = this.evaluations.length === 0 ? null : { step, mIoU: 60 * this.skill() };
    return {
      runId,
      name,
      config,
      status,
      step,
      progress: { stage: 0, done: step },
      changes: [],
      targetTiles: 400,
      createdAtMs: 1000,
      updatedAtMs: 2000,
      best: score,
      last: score,
      device,
    };
  }
}
