// One tile as a picture: the photo, its class colours over it at an opacity. Reports the pixel under the pointer.
import { type PointerEvent, useEffect, useRef } from 'react';
import { CITYSCAPES_CLASSES } from '../../domain/classes.ts';
import type { Size, Tile } from '../../domain/dataset.ts';
import { classColours, drawPixels, paintClasses, paintPhoto } from './pixels.ts';
import classes from './TileCanvas.module.css';

interface TileCanvasProps {
  readonly tile: Tile;
  readonly size: Size;
  /** Names the picture for people who do not see it. */
  readonly label: string;
  readonly opacity?: number;
  /** Of the classes of its labels; Cityscapes' unless said. */
  readonly colours?: Uint32Array;
  /** Pixel index under the pointer, null when it leaves. */
  readonly onProbe?: (pixel: number | null) => void;
}

const CITYSCAPES = classColours(CITYSCAPES_CLASSES);

export function TileCanvas({ tile, size, label, opacity = 0, colours = CITYSCAPES, onProbe }: TileCanvasProps) {
  const photo = useRef<HTMLCanvasElement>(null);
  const mask = useRef<HTMLCanvasElement>(null);
  const { width, height } = size;

  useEffect(() => {
    if (photo.current) drawPixels(photo.current, width, height, (out) => paintPhoto(tile.image, out));
  }, [tile, width, height]);
  useEffect(() => {
    const { labels } = tile;
    if (!mask.current || labels === null) return;
    drawPixels(mask.current, width, height, (out) => paintClasses(labels, colours, out));
  }, [tile, width, height, colours]);

  const probe = (event: PointerEvent<HTMLElement>): void => {
    const pixel = pixelAt(event.currentTarget.getBoundingClientRect(), event.clientX, event.clientY, size);
    onProbe?.(pixel.y * width + pixel.x);
  };
  return (
    <div
      className={classes.frame}
      style={{ aspectRatio: `${width} / ${height}` }}
      role="img"
      aria-label={label}
      onPointerMove={onProbe && probe}
      onPointerLeave={onProbe && (() => onProbe(null))}
    >
      <canvas ref={photo} />
      {tile.labels !== null && opacity > 0 && <canvas ref={mask} style={{ opacity }} />}
    </div>
  );
}

/** The pixel of a picture of `size` that is drawn at a client position inside `box`. */
export function pixelAt(box: DOMRect, clientX: number, clientY: number, size: Size): { x: number; y: number } {
  const along = (position: number, start: number, length: number, pixels: number): number =>
    Math.min(pixels - 1, Math.max(0, Math.floor(((position - start) / Math.max(1, length)) * pixels)));
  return { x: along(clientX, box.left, box.width, size.width), y: along(clientY, box.top, box.height, size.height) };
}
