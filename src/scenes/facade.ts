// The face of a house, evaluated pixel by pixel in metres: storeys, windows with frames and sills, shop fronts, doors,
// brick courses, the darker foot. Detail finer than a pixel is left out, so that it does not flicker.
import { clamp } from './exactMath.ts';
import { LABEL } from './labels.ts';
import { gradient, mixed, packRgb, type Rgb, scaled } from './paint.ts';
import type { Scene } from './scene.ts';
import type { ScenePainter, SurfaceShader } from './scenePainter.ts';
import type { Side } from './sceneStreams.ts';

const STOREY = 3.2;
/** A window, as shares of its bay and metres above its floor. */
const WINDOW = { left: 0.25, right: 0.72, bottom: 1, top: 2.6 } as const;
const SHOP = { left: 0.07, right: 0.93, bottom: 0.35, top: 2.5 } as const;
const CURTAIN: Rgb = [226, 214, 188];
const VARIATIONS = 37;

interface FacadeColours {
  readonly wall: Rgb;
  readonly glass: Rgb;
  readonly frame: Rgb;
  readonly door: Rgb;
  readonly sign: Rgb;
  readonly railing: Rgb;
  readonly curtain: Rgb;
  /** Brightness of each window, -1..1. */
  readonly windows: readonly number[];
}

interface FacadeShape {
  readonly bayWidth: number;
  readonly shops: boolean;
  readonly bands: boolean;
  readonly bricks: boolean;
  readonly balconies: boolean;
  readonly doorBay: number;
}

export class Facade {
  readonly wall: Rgb;
  readonly roof: Rgb;
  readonly cornice: Rgb;
  private readonly painter: ScenePainter;
  private readonly colours: FacadeColours;
  private readonly shape: FacadeShape;

  constructor(painter: ScenePainter, colours: FacadeColours, shape: FacadeShape, roof: Rgb, cornice: Rgb) {
    this.painter = painter;
    this.colours = colours;
    this.shape = shape;
    this.wall = colours.wall;
    this.roof = roof;
    this.cornice = cornice;
  }

  /**
   * The shader of a face `length` metres long and `eaves` high; `along` counts from its near corner.
   * `street`: the face looks onto the street, so it may have a door or a shop.
   */
  face(length: number, eaves: number, shade: number, street: boolean): SurfaceShader {
    const { bayWidth, shops, balconies, doorBay } = this.shape;
    const bays = Math.max(1, Math.floor(length / bayWidth));
    const metres = length / bays;
    const hasDoor = street && !shops;
    const hasShop = street && shops;
    return (along, y, density) => {
      const position = clamp(along / metres, 0, bays - 1e-6);
      const bay = Math.floor(position);
      const share = position - bay;
      const storey = Math.max(0, Math.floor(y / STOREY));
      const above = y - storey * STOREY;
      if (storey * STOREY + WINDOW.top > eaves - 0.55) return this.wallAt(along, y, above, storey, shade, density);
      if (storey === 0) {
        if (hasDoor && bay === doorBay % bays && above < 2.25 && share > 0.3 && share < 0.7) {
          return this.doorAt((share - 0.3) * metres, above, shade, density);
        }
        if (hasShop && above >= 2.55 && above < 3.1) {
          return packScaled(this.colours.sign, shade * (above < 2.66 || above > 3 ? 0.8 : 1));
        }
      } else if (balconies && bay % 2 === 0 && above > 0.05 && above < 1.05 && share > 0.12 && share < 0.86) {
        const bars = along * 5 - Math.floor(along * 5) < 0.45 || above > 0.92 || above < 0.2;
        if (bars || density < 13) return packScaled(this.colours.railing, shade);
      }
      const shopping = hasShop && storey === 0;
      const frame = shopping ? SHOP : WINDOW;
      const right = (frame.right - share) * metres;
      const left = (share - frame.left) * metres;
      const low = above - frame.bottom;
      const high = frame.top - above;
      if (left > 0 && right > 0 && low > 0 && high > 0) {
        return this.windowAt(left, right, low, high, bay * 5 + storey * 11, shade, density);
      }
      if (density > 7 && !shopping && low > -0.13 && low <= 0 && left > -0.1 && right > -0.1) {
        return packScaled(this.colours.frame, shade * 0.92);
      }
      return this.wallAt(along, y, above, storey, shade, density);
    };
  }

  /** Striped awnings over the shops of the street side. */
  paintAwnings(x: number, sign: Side, z0: number, z1: number, shade: number): void {
    const { shops, doorBay } = this.shape;
    if (!shops || doorBay % 2 === 0 || z1 - z0 < 3) return;
    const { sign: cloth, curtain } = this.colours;
    const out = x - sign * 0.95;
    const count = Math.max(3, Math.round((z1 - z0 - 1) / 0.7));
    const step = (z1 - z0 - 1) / count;
    for (let i = count - 1; i >= 0; i--) {
      const z = z0 + 0.5 + i * step;
      const colour = scaled(i % 2 === 0 ? cloth : curtain, shade);
      const stripe = [x, 2.95, z, x, 2.95, z + step, out, 2.5, z + step, out, 2.5, z];
      this.painter.face(stripe, gradient(scaled(colour, 1.15), colour), LABEL.building);
      this.painter.xplane(
        out,
        z,
        z + step,
        2.28,
        2.5,
        gradient(scaled(colour, 0.95), scaled(colour, 0.85)),
        LABEL.building,
      );
    }
  }

  private wallAt(along: number, y: number, above: number, storey: number, shade: number, density: number): number {
    const { bands, bricks } = this.shape;
    let factor = shade * (0.84 + 0.16 * clamp(y / 3, 0, 1));
    if (y < 0.55) factor *= 0.82;
    else if (bands && storey > 0 && above < 0.2) factor *= 1.12;
    else if (bricks && density > 18) {
      const course = y * 4;
      const row = Math.floor(course);
      const joint = along * 2 + (row % 2) * 0.5;
      if (course - row < 0.16 || (density > 34 && joint - Math.floor(joint) < 0.05)) factor *= 0.9;
      else factor *= 0.985 + 0.03 * (((row * 7 + Math.floor(joint) * 5) % 3) - 1);
    }
    return packScaled(this.colours.wall, factor);
  }

  private doorAt(across: number, above: number, shade: number, density: number): number {
    const panel = density > 16 && across > 0.15 && above > 0.25 && above < 1.9 && across - Math.floor(across) > 0.15;
    return packScaled(this.colours.door, shade * (panel ? 0.86 : 1));
  }

  private windowAt(
    left: number,
    right: number,
    low: number,
    high: number,
    which: number,
    shade: number,
    density: number,
  ): number {
    const { glass, frame, windows, curtain } = this.colours;
    const edge = Math.min(left, right, low, high);
    const middle = Math.abs(left - right) / 2;
    if (
      (density > 8 && edge < 0.07) ||
      (density > 13 && middle < 0.04) ||
      (density > 13 && Math.abs(high - 0.45) < 0.03)
    ) {
      return packScaled(frame, shade);
    }
    const tone = windows[which % VARIATIONS] ?? 0;
    // Set back into the wall: the upper edge lies in shadow; the upper panes mirror the sky.
    let factor = shade * (1 + 0.2 * tone) * (high < 0.2 && density > 8 ? 0.68 : 0.9 + 0.3 * (low / (low + high)));
    const gleam = (left + low * 0.7) / (left + right + 0.7 * (low + high));
    if (density > 10 && gleam > 0.42 && gleam < 0.56) factor *= 1.14;
    if (tone > 0.45 && density > 10 && Math.min(left, right) < 0.32) return packScaled(curtain, factor * 0.82);
    return packScaled(glass, factor);
  }
}

function packScaled(colour: Rgb, factor: number): number {
  return packRgb(colour[0] * factor, colour[1] * factor, colour[2] * factor);
}

export function createFacade({ streams, palette, painter }: Scene, sign: Side, slot: number, height: number): Facade {
  const draw = streams.layout('facade', sign, slot);
  const shape: FacadeShape = {
    bayWidth: draw.uniform(2.2, 3.4),
    shops: draw.uniform() < 0.5 && height > 4.5,
    bands: draw.uniform() < 0.5,
    bricks: draw.uniform() < 0.45,
    balconies: draw.uniform() < 0.22 && height > 7,
    doorBay: draw.integer(8),
  };
  const colours = streams.colour('facade', sign, slot);
  const wall = palette.colour('building', colours);
  const glass = palette.colour('window', colours);
  const roof = palette.colour('roof', colours);
  const door = scaled(palette.colour('trunk', colours), 0.9);
  const cloth = palette.colour('clothes', colours);
  const windows = Array.from({ length: VARIATIONS }, () => colours.uniform(-1, 1));
  const pale = palette.fixed([244, 240, 232], 0.36);
  return new Facade(
    painter,
    {
      wall,
      glass,
      frame: mixed(wall, pale, 0.72),
      door,
      sign: mixed(cloth, wall, 0.25),
      railing: scaled(glass, 0.62),
      curtain: palette.fixed(CURTAIN, 0.4),
      windows,
    },
    shape,
    roof,
    mixed(wall, pale, 0.5),
  );
}
