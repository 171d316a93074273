// Above the pictures: what is under the pointer, how strong the colours are, and the confidence threshold with what it keeps.
import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatShare } from '../../i18n/format.ts';
import { className } from '../../i18n/names.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { setOpacity, setThreshold } from '../../stores/view.ts';
import { LabelledSlider } from '../../ui/LabelledSlider.tsx';
import { cssColour } from '../../ui/pixels.ts';
import { Stat } from '../../ui/Stat.tsx';
import { PaneSwitch } from './PaneSwitch.tsx';
import classes from './PictureGrid.module.css';
import { coverageOf, type KeptCounts, precisionOf } from './paint.ts';
import type { Probe } from './probe.ts';

interface PictureToolbarProps {
  readonly total: KeptCounts | null;
  readonly probe: Probe | null;
}

export function PictureToolbar({ total, probe }: PictureToolbarProps) {
  const { t } = useTranslation();
  const { view } = useStudio();
  const threshold = useStudioState('view', (state) => state.threshold);
  const opacity = useStudioState('view', (state) => state.opacity);
  const step = useStudioState('pictures', ({ frame }) => frame?.step ?? null);
  return (
    <Group justify="space-between" gap="xs" className={classes.toolbar}>
      <div className={classes.heading}>
        <Text component="h2" className={classes.title}>
          {t('pictures.title')}
        </Text>
        <Text className={classes.subtitle}>
          {step === null ? t('pictures.waiting') : t('pictures.atStep', { step })}
        </Text>
      </div>
      <PaneSwitch />
      <ProbeReadout probe={probe} />
      <Group gap="lg" className={classes.controls}>
        <div className={classes.slider}>
          <LabelledSlider
            label={t('pictures.opacity')}
            value={opacity}
            min={0}
            max={1}
            step={0.05}
            onChange={(value) => setOpacity(view, value)}
          />
        </div>
        <div className={classes.slider}>
          <LabelledSlider
            label={t('pictures.threshold')}
            value={threshold}
            min={0}
            max={1}
            step={0.01}
            onChange={(value) => setThreshold(view, value)}
            testId="threshold"
          />
        </div>
        <Stat label={t('pictures.coverage')}>
          <span data-testid="coverage" data-kept={total?.kept} data-pixels={total?.pixels}>
            {total === null ? '–' : formatShare(coverageOf(total))}
          </span>
        </Stat>
        <Stat label={t('pictures.precision')}>
          <span data-testid="precision">{total === null ? '–' : formatShare(precisionOf(total))}</span>
        </Stat>
      </Group>
    </Group>
  );
}

function ProbeReadout({ probe }: { readonly probe: Probe | null }) {
  const { t } = useTranslation();
  if (probe === null) return <Text className={classes.hint}>{t('pictures.probeHint')}</Text>;
  const { prediction, truth } = probe;
  return (
    <div className={classes.probe} aria-live="polite" data-testid="probe">
      {truth !== null && <Named label={t('pictures.layers.truth')} trainId={truth} />}
      {prediction !== null && (
        <>
          <Named label={t('pictures.layers.prediction')} trainId={prediction.trainId} />
          <span className="tabular">
            {t('pictures.confident', { value: prediction.confidence.toFixed(3) })}{' '}
            <span className={classes.verdict}>{prediction.kept ? t('pictures.isKept') : t('pictures.isRejected')}</span>
          </span>
        </>
      )}
    </div>
  );
}

function Named({ label, trainId }: { readonly label: string; readonly trainId: number }) {
  const { t } = useTranslation();
  return (
    <span className={classes.named}>
      <span className={classes.verdict}>{label}</span>
      <span className={classes.swatch} style={{ background: cssColour(trainId) }} />
      <strong>{className(t, trainId)}</strong>
    </span>
  );
}
