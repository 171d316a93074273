import { expect, test } from 'vitest';
import { MetricsRecorder } from './metricsRecorder.ts';

test('sends and saves every value once, each in its own rhythm', () => {
  const recorder = new MetricsRecorder();
  recorder.record(1, { 'train/loss': 3 });
  recorder.record(2, { 'train/loss': 2, 'train/lr': 0.1 });
  expect(recorder.takeUnsent()).toEqual({
    'train/loss': { steps: Float64Array.of(1, 2), values: Float64Array.of(3, 2) },
    'train/lr': { steps: Float64Array.of(2), values: Float64Array.of(0.1) },
  });
  expect(recorder.takeUnsent()).toEqual({});
  recorder.record(3, { 'train/loss': 1 });
  expect(recorder.takeUnsaved()['train/loss']?.steps).toEqual(Float64Array.of(1, 2, 3));
});

test('a save that failed loses nothing and keeps the order', () => {
  const recorder = new MetricsRecorder();
  recorder.record(1, { loss: 3 });
  const frame = recorder.takeUnsaved();
  recorder.record(2, { loss: 2 });
  recorder.keepUnsaved(frame);
  expect(recorder.takeUnsaved()).toEqual({ loss: { steps: Float64Array.of(1, 2), values: Float64Array.of(3, 2) } });
});
