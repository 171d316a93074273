// Colours as canvas pixels: 32-bit words in memory order R, G, B, A, as ImageData wants them.
import { type ClassSet, IGNORE, type SegmentationClass } from '../../domain/classes.ts';

const littleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** One canvas pixel. */
export function packRgba(red: number, green: number, blue: number, alpha = 255): number {
  return (
    (littleEndian
      ? (alpha << 24) | (blue << 16) | (green << 8) | red
      : (red << 24) | (green << 16) | (blue << 8) | alpha) >>> 0
  );
}

/** Look-up from class index to pixel: hidden classes (by name) and ignored pixels are transparent. */
export function classColours(classes: ClassSet, hidden: readonly string[] = []): Uint32Array {
  const table = new Uint32Array(256);
  classes.forEach(({ name, rgb }, index) => {
    if (!hidden.includes(name)) table[index] = packRgba(...rgb);
  });
  table[IGNORE] = 0;
  return table;
}

/** Nothing for what is no class. */
export function cssColour(one: SegmentationClass | undefined): string {
  return one === undefined ? 'transparent' : `rgb(${one.rgb.join(' ')})`;
}

/** RGB bytes [height, width, 3] to opaque pixels. */
export function paintPhoto(image: Uint8Array, out: Uint32Array): void {
  for (let pixel = 0, at = 0; pixel < out.length; pixel++, at += 3) {
    out[pixel] = packRgba(image[at] ?? 0, image[at + 1] ?? 0, image[at + 2] ?? 0);
  }
}

/** Class indices [height, width] to pixels. */
export function paintClasses(classes: Uint8Array, colours: Uint32Array, out: Uint32Array): void {
  for (let pixel = 0; pixel < out.length; pixel++) out[pixel] = colours[classes[pixel] ?? IGNORE] ?? 0;
}

/** One buffer a canvas, used again for every frame: pictures come ten times a second. */
const pictures = new WeakMap<HTMLCanvasElement, ImageData>();

/** A browser that lost its graphics process gives canvases back empty. */
function redraw(canvas: HTMLCanvasElement): void {
  const picture = pictures.get(canvas);
  if (picture !== undefined) canvas.getContext('2d')?.putImageData(picture, 0, 0);
}

/**
 * Draws pixels into a canvas of that size; the canvas is resized if needed. `fill` must write every pixel: it finds
 * the previous picture. Does nothing without a 2-D context.
 */
export function drawPixels(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  fill: (out: Uint32Array) => void,
): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) return;
  let picture = pictures.get(canvas);
  if (picture?.width !== width || picture.height !== height) {
    picture = context.createImageData(width, height);
    if (!pictures.has(canvas)) canvas.addEventListener('contextrestored', () => redraw(canvas));
    pictures.set(canvas, picture);
  }
  fill(new Uint32Array(picture.data.buffer));
  context.putImageData(picture, 0, 0);
}
