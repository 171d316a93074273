// One pinned image in all its layers. A crosshair follows the pointer, or the arrow keys, through the whole row.
import { Text } from '@mantine/core';
import { type KeyboardEvent, memo, type PointerEvent, useCallback, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { PinnedImage } from '../../../domain/pictures.ts';
import { formatPercent } from '../../i18n/format.ts';
import { pixelAt } from '../../ui/TileCanvas.tsx';
import { coverageOf, type KeptCounts, precisionOf } from './paint.ts';
import { type Attach, LAYERS, type Layer } from './picturePainter.ts';
import classes from './Validation.module.css';

interface PictureRowProps {
  readonly row: number;
  readonly image: PinnedImage;
  readonly counts: KeptCounts | null;
  readonly hasFrame: boolean;
  readonly attach: Attach;
  readonly onProbe: (row: number, pixel: number | null) => void;
}

const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export const PictureRow = memo(function PictureRow({ row, image, counts, hasFrame, attach, onProbe }: PictureRowProps) {
  const { t } = useTranslation();
  const { width, height } = image.size;
  const root = useRef<HTMLDivElement>(null);
  const cursor = useRef({ x: Math.floor(width / 2), y: Math.floor(height / 2) });

  const show = (x: number, y: number): void => {
    cursor.current = { x, y };
    root.current?.style.setProperty('--x', `${(100 * (x + 0.5)) / width}%`);
    root.current?.style.setProperty('--y', `${(100 * (y + 0.5)) / height}%`);
    root.current?.setAttribute('data-probing', 'true');
    onProbe(row, y * width + x);
  };
  const leave = (): void => {
    root.current?.removeAttribute('data-probing');
    onProbe(row, null);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const { x, y } = pixelAt(event.currentTarget.getBoundingClientRect(), event.clientX, event.clientY, image.size);
    show(x, y);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = MOVES[event.key];
    if (move === undefined) return;
    event.preventDefault();
    const stride = event.shiftKey ? 8 : 1;
    const { x, y } = cursor.current;
    show(clamp(x + move[0] * stride, width), clamp(y + move[1] * stride, height));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of pictures with one cursor; no element says that.
    <div
      ref={root}
      className={classes.row}
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the pixel cursor in here.
      tabIndex={0}
      aria-label={t('panes.validation.row', { name: image.name })}
      onKeyDown={onKeyDown}
      onFocus={() => show(cursor.current.x, cursor.current.y)}
      onBlur={leave}
    >
      {LAYERS.map((layer) => (
        <div
          key={layer}
          className={classes.cell}
          data-layer={layer}
          onPointerMove={onPointerMove}
          onPointerLeave={leave}
        >
          <LayerCanvases row={row} layer={layer} attach={attach} />
          {!hasFrame && layer !== 'photo' && layer !== 'truth' && (
            <Text className={classes.waiting}>{layer === 'prediction' ? t('panes.validation.waiting') : ''}</Text>
          )}
          <span className={classes.tag} aria-hidden="true">
            {t(`panes.validation.layers.${layer}`)}
          </span>
          {layer === 'pseudo' && counts !== null && <KeptChip counts={counts} row={row} />}
        </div>
      ))}
    </div>
  );
});

function KeptChip({ counts, row }: { readonly counts: KeptCounts; readonly row: number }) {
  const { t } = useTranslation();
  const precision = precisionOf(counts);
  return (
    <span className={classes.chip} data-testid={`coverage-${row}`} data-kept={counts.kept}>
      {t('panes.validation.kept', { percent: formatPercent(coverageOf(counts)) })}
      {!Number.isNaN(precision) && (
        <span className={classes.right}> · {t('panes.validation.right', { percent: formatPercent(precision) })}</span>
      )}
    </span>
  );
}

interface LayerCanvasesProps {
  readonly row: number;
  readonly layer: Layer;
  readonly attach: Attach;
}

/** The layer itself, over the photo where it is see-through. */
const LayerCanvases = memo(function LayerCanvases({ row, layer, attach }: LayerCanvasesProps) {
  const ref = useCallback(
    (canvas: HTMLCanvasElement | null) => attach(row, layer, layer, canvas),
    [attach, row, layer],
  );
  const under = useCallback(
    (canvas: HTMLCanvasElement | null) => attach(row, 'photo', layer, canvas),
    [attach, row, layer],
  );
  const seeThrough = layer !== 'photo' && layer !== 'confidence';
  return (
    <>
      {seeThrough && <canvas ref={under} />}
      <canvas ref={ref} className={seeThrough ? classes.mask : undefined} data-testid={`picture-${layer}-${row}`} />
    </>
  );
});

function clamp(value: number, length: number): number {
  return Math.min(length - 1, Math.max(0, value));
}
