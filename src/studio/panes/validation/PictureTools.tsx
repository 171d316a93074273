// Above the pictures: what is under the pointer, how strong the colours are, and the confidence threshold with what it keeps.
import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatShare } from '../../i18n/format.ts';
import { classLabel } from '../../i18n/names.ts';
import { useClasses } from '../../stores/classes.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { setOpacity, setThreshold } from '../../stores/view.ts';
import { LabelledSlider } from '../../ui/LabelledSlider.tsx';
import { cssColour } from '../../ui/pixels.ts';
import { Stat } from '../../ui/Stat.tsx';
import { coverageOf, type KeptCounts, precisionOf } from './paint.ts';
import type { Probe } from './probe.ts';
import classes from './Validation.module.css';

interface PictureToolsProps {
  readonly total: KeptCounts | null;
  readonly probe: Probe | null;
}

export function PictureTools({ total, probe }: PictureToolsProps) {
  const { t } = useTranslation();
  const { view } = useStudio();
  const threshold = useStudioState('view', (state) => state.threshold);
  const opacity = useStudioState('view', (state) => state.opacity);
  return (
    <>
      <ProbeReadout probe={probe} />
      <Group gap="lg" className={classes.controls}>
        <div className={classes.slider}>
          <LabelledSlider
            label={t('panes.validation.opacity')}
            value={opacity}
            min={0}
            max={1}
            step={0.05}
            onChange={(value) => setOpacity(view, value)}
          />
        </div>
        <div className={classes.slider}>
          <LabelledSlider
            label={t('panes.validation.threshold')}
            value={threshold}
            min={0}
            max={1}
            step={0.01}
            onChange={(value) => setThreshold(view, value)}
            testId="threshold"
          />
        </div>
        <Stat label={t('panes.validation.coverage')}>
          <span data-testid="coverage" data-kept={total?.kept} data-pixels={total?.pixels}>
            {total === null ? '–' : formatShare(coverageOf(total))}
          </span>
        </Stat>
        <Stat label={t('panes.validation.precision')}>
          <span data-testid="precision">{total === null ? '–' : formatShare(precisionOf(total))}</span>
        </Stat>
      </Group>
    </>
  );
}

function ProbeReadout({ probe }: { readonly probe: Probe | null }) {
  const { t } = useTranslation();
  if (probe === null) return <Text className={classes.hint}>{t('panes.validation.probeHint')}</Text>;
  const { prediction, truth } = probe;
  return (
    <div className={classes.probe} aria-live="polite" data-testid="probe">
      {truth !== null && <Named label={t('panes.validation.layers.truth')} index={truth} />}
      {prediction !== null && (
        <>
          <Named label={t('panes.validation.layers.prediction')} index={prediction.index} />
          <span className="tabular">
            {t('panes.validation.confident', { value: prediction.confidence.toFixed(3) })}{' '}
            <span className={classes.verdict}>
              {prediction.kept ? t('panes.validation.isKept') : t('panes.validation.isRejected')}
            </span>
          </span>
        </>
      )}
    </div>
  );
}

function Named({ label, index }: { readonly label: string; readonly index: number }) {
  const { t } = useTranslation();
  const one = useClasses()[index];
  return (
    <span className={classes.named}>
      <span className={classes.verdict}>{label}</span>
      <span className={classes.swatch} style={{ background: cssColour(one) }} />
      <strong>{classLabel(t, one)}</strong>
    </span>
  );
}
