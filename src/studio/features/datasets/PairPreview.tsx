// Before any run: the two domains side by side, labels over them, so that the gap is seen before it is trained across.
import { Group, Skeleton, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IGNORE, type SegmentationClass } from '../../../domain/classes.ts';
import { classLabel } from '../../i18n/names.ts';
import { chosenClasses } from '../../stores/classes.ts';
import type { Side } from '../../stores/datasets.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { setPreviewOpacity } from '../../stores/view.ts';
import { LabelledSlider } from '../../ui/LabelledSlider.tsx';
import { classColours } from '../../ui/pixels.ts';
import { TileCanvas } from '../../ui/TileCanvas.tsx';
import { choiceName } from './datasetChoice.ts';
import classes from './PairPreview.module.css';

export function PairPreview() {
  const { t } = useTranslation();
  const { view } = useStudio();
  const opacity = useStudioState('view', (state) => state.previewOpacity);
  const [probed, setProbed] = useState<SegmentationClass | 'none' | null>(null);
  return (
    <section className={classes.stage} aria-label={t('stage.pair')}>
      <Group justify="space-between" gap="md" className={classes.bar}>
        <Text component="h2" className={classes.title}>
          {t('stage.pair')}
        </Text>
        <Group gap="lg">
          <Text size="sm" fw={600} aria-live="polite">
            {probed === null ? '' : classLabel(t, probed === 'none' ? undefined : probed)}
          </Text>
          <div className={classes.opacity}>
            <LabelledSlider
              label={t('stage.labels')}
              value={opacity}
              min={0}
              max={1}
              step={0.05}
              onChange={(value) => setPreviewOpacity(view, value)}
            />
          </div>
        </Group>
      </Group>
      <div className={classes.bands}>
        <Band side="source" onProbe={setProbed} />
        <Band side="target" onProbe={setProbed} />
      </div>
    </section>
  );
}

interface BandProps {
  readonly side: Side;
  /** The class under the pointer; null when it leaves. */
  readonly onProbe: (one: SegmentationClass | 'none' | null) => void;
}

function Band({ side, onProbe }: BandProps) {
  const { t } = useTranslation();
  const preview = useStudioState('datasets', (state) => state.previews[side]);
  const imported = useStudioState('datasets', (state) => state.imported);
  const choice = useStudioState('draft', (state) => state[side]);
  const opacity = useStudioState('view', (state) => state.previewOpacity);
  const hidden = useStudioState('view', (state) => state.hidden);
  const set = chosenClasses(choice, imported);
  const colours = useMemo(() => classColours(set, hidden), [set, hidden]);
  return (
    <div className={classes.band} data-side={side}>
      <Text className={classes.caption}>
        <strong>{t(`datasets.${side}`)}</strong> {choiceName(t, choice, imported)}
        <span className={classes.role}> {t(`stage.${side}Role`)}</span>
      </Text>
      <div className={classes.tiles}>
        {preview === null
          ? [0, 1, 2].map((index) => <Skeleton key={index} className={classes.placeholder ?? ''} />)
          : preview.tiles.map((tile, index) => (
              <TileCanvas
                key={tile.name}
                tile={tile}
                size={preview.size}
                opacity={opacity}
                colours={colours}
                label={t('stage.tile', { side: t(`datasets.${side}`), number: index + 1 })}
                onProbe={(pixel) => onProbe(pixel === null ? null : (set[tile.labels?.[pixel] ?? IGNORE] ?? 'none'))}
              />
            ))}
      </div>
    </div>
  );
}
