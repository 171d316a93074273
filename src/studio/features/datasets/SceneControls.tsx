// The built-in pair's knobs: how far apart the two domains are, and how large the pictures.
import { Select, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SceneSettings } from '../../../domain/dataset.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { LabelledSlider } from '../../ui/LabelledSlider.tsx';

const SIZES: readonly (readonly [number, number])[] = [
  [64, 32],
  [128, 64],
  [256, 128],
  [320, 176],
];

export function SceneControls() {
  const { t } = useTranslation();
  const { draft } = useStudio();
  const scenes = useStudioState('draft', (state) => state.scenes);
  const used = useStudioState('draft', ({ source, target }) => source.kind === 'scenes' || target.kind === 'scenes');
  if (!used) return null;
  const change = (part: Partial<SceneSettings>): void => draft.setState({ scenes: { ...scenes, ...part } });
  const { width, height } = scenes.size;
  const sizes = SIZES.some(([w, h]) => w === width && h === height) ? SIZES : [[width, height] as const, ...SIZES];
  return (
    <Stack gap={12}>
      <LabelledSlider
        label={t('datasets.styleGap')}
        help={t('datasets.styleGapHelp')}
        value={scenes.styleGap}
        min={0}
        max={1}
        step={0.05}
        onChange={(styleGap) => change({ styleGap })}
        testId="style-gap"
      />
      <LabelledSlider
        label={t('datasets.layoutGap')}
        help={t('datasets.layoutGapHelp')}
        value={scenes.layoutGap}
        min={0}
        max={1}
        step={0.05}
        onChange={(layoutGap) => change({ layoutGap })}
        testId="layout-gap"
      />
      <Select
        label={t('datasets.sceneSize')}
        value={`${width}x${height}`}
        data={sizes.map(([w, h]) => ({ value: `${w}x${h}`, label: `${w} × ${h}` }))}
        onChange={(value) => {
          const [w, h] = (value ?? '').split('x').map(Number);
          if (w !== undefined && h !== undefined) change({ size: { width: w, height: h } });
        }}
        data-testid="scene-size"
      />
    </Stack>
  );
}
