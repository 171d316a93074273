// Which metrics are drawn together: by what they declare, whoever declares them.
import { expect, test } from 'vitest';
import type { MethodInfo } from '../../domain/method.ts';
import type { MetricSpec } from '../../domain/metrics.ts';
import { measuredOf } from './metrics.ts';

const spec = (key: string, group: MetricSpec['group'], unit = ''): MetricSpec => ({ key, label: key, group, unit });
const method = (...metrics: MetricSpec[]): MethodInfo => ({
  ...{ id: 'm', produces: 'segmenter', citation: '', params: {}, metrics },
  needs: { sourceLabels: true, targetImages: false, targetLabels: false },
});
const offer = {
  methods: [
    method(spec('train/z', 'loss'), spec('train/tail', 'quality')),
    method(spec('train/z', 'loss'), spec('train/a', 'loss')),
  ],
  metrics: [spec('sys/heat', 'system', 'K')],
};
const measured = ['train/a', 'train/old', 'sys/heat', 'train/z', 'train/aged', 'train/tail'];
const keysOf = (group: MetricSpec['group']) => measuredOf(group, measured, offer).map(({ key }) => key);

test('a group is what was measured of it, once, in the order of declarations', () => {
  expect(keysOf('loss')).toEqual(['train/z', 'train/a']);
  expect(keysOf('rate')).toEqual([]);
  expect(measuredOf('system', measured, offer)).toEqual(offer.metrics);
  expect(measuredOf('loss', ['train/a'], offer).map(({ key }) => key)).toEqual(['train/a']);
});

test('what an old run measured and nobody declares any more stands with the qualities, last', () => {
  expect(keysOf('quality')).toEqual(['train/tail', 'train/aged', 'train/old']);
});
