// The page's heart: pinned validation images as rows, and for each the photo, the truth and what the network makes of it.
// React lays the grid out once; a painter redraws the canvases when a frame arrives or the threshold moves.
import { Text } from '@mantine/core';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PREDICTIONS } from '../../../bridge/pictures/predictions.ts';
import { dataOf } from '../../stores/pictures.ts';
import { useStudio, useStudioState } from '../../stores/studioContext.ts';
import { ConfidenceScale } from '../../ui/ConfidenceScale.tsx';
import { definePane } from '../core/definePane.ts';
import { methodUnderWay } from '../core/methodUnderWay.ts';
import { PaneFrame } from '../core/PaneFrame.tsx';
import { useClassColours } from '../core/useClassColours.ts';
import { usePicture } from '../core/usePicture.ts';
import { LATEST, newest, tallyLatest } from './latest.ts';
import { PictureRow } from './PictureRow.tsx';
import { PictureTools } from './PictureTools.tsx';
import { addCounts, type KeptCounts, NO_COUNTS } from './paint.ts';
import { type Attach, LAYERS, PicturePainter } from './picturePainter.ts';
import { type Probe, probeAt } from './probe.ts';
import classes from './Validation.module.css';

const NO_ROWS: readonly KeptCounts[] = [];

export const pane = definePane({
  id: 'validation',
  order: 0,
  // A translator predicts nothing; where it shows nothing of its steps either, the photos are better than nothing.
  isOffered: (state) => {
    const method = methodUnderWay(state);
    return method?.produces !== 'translator' || (method.views ?? []).length === 0;
  },
  Component: Validation,
  tally: tallyLatest,
});

function Validation() {
  const { t } = useTranslation();
  const pinned = useStudioState('pictures', (state) => state.pinned);
  const opacity = useStudioState('view', (state) => state.opacity);
  const frame = usePicture(PREDICTIONS, null, LATEST, newest);
  const [counts, setCounts] = useState(NO_ROWS);
  const painter = usePainter(setCounts);
  const attach = useCallback((...slot: Parameters<Attach>) => painter.attach(...slot), [painter]);
  const { probe, onProbe } = useProbe();
  const size = pinned[0]?.size;
  if (size === undefined) return null;
  const total = counts.length === 0 ? null : counts.reduce(addCounts, NO_COUNTS);
  const layout = {
    '--rows': pinned.length,
    '--aspect': size.width / size.height,
    '--mask-opacity': opacity,
  };
  return (
    <PaneFrame
      title={t('panes.validation.title')}
      subtitle={frame === null ? t('panes.validation.waiting') : t('panes.validation.atStep', { step: frame.step })}
      tools={<PictureTools total={total} probe={probe} />}
    >
      <div className={classes.fit} style={layout as React.CSSProperties}>
        <div className={classes.heads} aria-hidden="true">
          {LAYERS.map((layer) => (
            <Text key={layer} component="span" className={classes.head}>
              {t(`panes.validation.layers.${layer}`)}
              {layer === 'confidence' && <ConfidenceScale />}
            </Text>
          ))}
        </div>
        {pinned.map((image, row) => (
          <PictureRow
            key={image.index}
            row={row}
            image={image}
            counts={counts[row] ?? null}
            hasFrame={frame !== null}
            attach={attach}
            onProbe={onProbe}
          />
        ))}
      </div>
    </PaneFrame>
  );
}

function usePainter(onCounts: (counts: readonly KeptCounts[]) => void): PicturePainter {
  const { pictures, view } = useStudio();
  const painter = useMemo(() => new PicturePainter(onCounts), [onCounts]);
  const colours = useClassColours();
  useEffect(() => {
    const update = (): void => {
      const state = pictures.getState();
      painter.update({
        threshold: view.getState().threshold,
        colours,
        pinned: state.pinned,
        frame: dataOf(state, LATEST),
      });
    };
    update();
    const unsubscribe = [pictures.subscribe(update), view.subscribe(update)];
    return () => {
      for (const stop of unsubscribe) stop();
      painter.close();
    };
  }, [painter, pictures, view, colours]);
  return painter;
}

/** The pixel under the pointer or cursor, kept up to date while new frames come in. */
function useProbe(): { probe: Probe | null; onProbe: (row: number, pixel: number | null) => void } {
  const { pictures } = useStudio();
  const [at, setAt] = useState<{ row: number; pixel: number } | null>(null);
  const onProbe = useCallback((row: number, pixel: number | null) => setAt(pixel === null ? null : { row, pixel }), []);
  // Nothing is subscribed to while nothing is probed.
  const frame = useStudioState('pictures', (state) => (at === null ? null : dataOf(state, LATEST)));
  const threshold = useStudioState('view', (state) => (at === null ? 0 : state.threshold));
  const probe = useMemo(
    () => (at === null ? null : probeAt(pictures.getState().pinned, frame, threshold, at.row, at.pixel)),
    [at, frame, threshold, pictures],
  );
  return { probe, onProbe };
}
