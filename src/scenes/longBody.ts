// The common ground of buses, trams and lorries: a long box of which the camera sees the near end and at most one side.
import { visibleSide } from './carBody.ts';
import type { Label } from './labels.ts';
import { gradient, lit, type Paint, type Rgb, scaled, solid } from './paint.ts';
import { type Scene, sideLight } from './scene.ts';

export interface LongPlace {
  readonly x: number;
  /** Near end. */
  readonly z: number;
  readonly length: number;
  readonly height: number;
  /** The front is the near end. */
  readonly towards: boolean;
}

export interface LongColours {
  readonly body: Rgb;
  readonly second: Rgb;
  readonly glass: Rgb;
  readonly tyre: Rgb;
  readonly tail: Rgb;
  readonly lamp: Rgb;
  readonly pale: Rgb;
}

const AMBER: Rgb = [255, 176, 46];

/** A range of shares: of the length on the side, of the half width (-1 to 1) on the end. */
type Shares = readonly [number, number];
/** A range of heights, metres. */
type Heights = readonly [number, number];

export class LongBody {
  readonly place: LongPlace;
  readonly half: number;
  readonly label: Label;
  readonly colours: LongColours;
  private readonly scene: Scene;

  constructor(scene: Scene, place: LongPlace, half: number, label: Label, colours: LongColours) {
    this.scene = scene;
    this.place = place;
    this.half = half;
    this.label = label;
    this.colours = colours;
  }

  /** A panel of the side, if the camera sees it; shares of the length count from the near end. */
  side([from, to]: Shares, [y0, y1]: Heights, colour: Rgb, spread = 0.2): void {
    const { x, z, length } = this.place;
    const side = visibleSide(x, this.half);
    if (side === null) return;
    const paint = lit(scaled(colour, sideLight(this.scene.light, x)), spread);
    this.scene.painter.xplane(x + side * this.half, z + length * from, z + length * to, y0, y1, paint, this.label);
  }

  /** A row of equal windows between two shares of the length. */
  windows(count: number, [from, to]: Shares, heights: Heights): void {
    const step = (to - from) / count;
    for (let i = 0; i < count; i++) {
      this.side([from + (i + 0.05) * step, from + (i + 0.92) * step], heights, this.colours.glass, 0.3);
    }
  }

  /** A panel of the near end. `behind`: metres beyond it. */
  end([from, to]: Shares, [y0, y1]: Heights, paint: Paint, behind = 0): void {
    const { x, z } = this.place;
    this.scene.painter.zplane(x + this.half * from, x + this.half * to, y0, y1, z + behind, paint, this.label);
  }

  /** A panel of the near end of any outline: [share of the half width, height] in turn. */
  endShape(points: readonly Shares[], paint: Paint): void {
    const { x, z } = this.place;
    const outline = points.flatMap(([share, y]) => [x + this.half * share, y]);
    this.scene.painter.upright(outline, z, paint, this.label);
  }

  /** A colour as the near end shows it. */
  facing(colour: Rgb, spread = 0.2): Paint {
    return lit(scaled(colour, this.scene.light.front), spread);
  }

  /** A windscreen or rear window. */
  pane(): Paint {
    return gradient(scaled(this.colours.glass, 1.12), scaled(this.colours.glass, 0.7));
  }

  /** A destination display on the near end. */
  display(share: number, [y0, y1]: Heights): void {
    this.end([-share, share], [y0, y1], solid(scaled(this.colours.tyre, 0.9)));
    this.end([-share * 0.7, share * 0.7], [y0 + 0.09, y1 - 0.09], solid(AMBER));
  }

  /** Wheels on the side, at shares of the length. */
  wheels(shares: readonly number[], radius: number): void {
    const { x, z, length } = this.place;
    const side = visibleSide(x, this.half);
    if (side === null) return;
    const { painter } = this.scene;
    const at = x + side * this.half;
    for (const share of shares) {
      const middle = z + length * share;
      painter.wheel(at, radius + 0.04, middle, radius * 1.18, solid(scaled(this.colours.tyre, 0.6)), this.label);
      painter.wheel(at, radius, middle, radius, lit(this.colours.tyre), this.label);
      painter.wheel(at, radius, middle, radius * 0.5, gradient([148, 150, 152], [92, 94, 96]), this.label);
    }
  }

  /** What is seen below the near end: the dark of the chassis and two tyres. */
  underside(y: number): void {
    const { tyre } = this.colours;
    this.end([-0.94, 0.94], [0.22, y], solid(scaled(tyre, 0.75)), 0.2);
    for (const s of [-0.72, 0.72]) this.end([s - 0.19, s + 0.19], [0, y], lit(tyre), 0.1);
  }

  /** A pair of lamps at height `y`: white in front, red behind. */
  lamps(y: number): void {
    const paint = lit(this.place.towards ? this.colours.lamp : this.colours.tail, 0.2);
    for (const s of [-0.81, 0.81]) this.end([s - 0.13, s + 0.13], [y, y + 0.26], paint);
  }

  numberPlate(y: number): void {
    this.end([-0.21, 0.21], [y, y + 0.13], solid(this.colours.pale));
  }
}
