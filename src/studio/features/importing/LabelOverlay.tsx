// A small photo with its labels over it, as one coding reads them.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClassSet } from '../../../domain/classes.ts';
import type { LabelPreview } from '../../../domain/importing.ts';
import { drawPixels, packRgba } from '../../ui/pixels.ts';
import styles from './CodingQuestion.module.css';

/** Of the class's colour; the rest is the photo. */
const OPACITY = 0.65;

interface LabelOverlayProps {
  readonly preview: LabelPreview;
  /** Id of the coding. */
  readonly coding: string;
  readonly classes: ClassSet;
  readonly label: string;
}

export function LabelOverlay({ preview, coding, classes, label }: LabelOverlayProps) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const { width, height, photo } = preview;
    const labels = preview.labels[coding];
    if (canvas.current === null) return;
    drawPixels(canvas.current, width, height, (out) => {
      for (let pixel = 0; pixel < out.length; pixel++) {
        const rgb = classes[labels?.[pixel] ?? 255]?.rgb;
        const mixed = (channel: 0 | 1 | 2): number => {
          const shown = photo[pixel * 3 + channel] ?? 0;
          return rgb === undefined ? shown * (1 - OPACITY / 2) : shown * (1 - OPACITY) + rgb[channel] * OPACITY;
        };
        out[pixel] = packRgba(mixed(0), mixed(1), mixed(2));
      }
    });
  }, [preview, coding, classes]);
  return (
    <canvas
      ref={canvas}
      className={styles.overlay}
      role="img"
      aria-label={t('import.coding.overlay', { label, name: preview.name })}
    />
  );
}
