// Walls and fences at the back of the sidewalk: at most one of them a side.
import { LABEL } from './labels.ts';
import { mixed, packRgb, type Rgb, scaled } from './paint.ts';
import { type Scene, sideLight } from './scene.ts';
import type { SurfaceShader } from './scenePainter.ts';
import type { StreetSide } from './streetPlan.ts';

export function placeBarrier(scene: Scene, side: StreetSide): void {
  const { streams, parameters, plan, palette, painter, light } = scene;
  const draw = streams.layout('barrier', side.sign);
  const which = draw.uniform();
  const z0 = draw.uniform(1.5, 9);
  const end = draw.uniform(16, 36);
  const tallness = draw.uniform();
  const style = draw.uniform();
  const isWall = which < parameters.pWall;
  const isFence = which > 1 - parameters.pFence;
  const z1 = plan.cross === null ? end : Math.min(end, plan.cross.z0 - 1);
  if ((!isWall && !isFence) || z1 - z0 < 1) return;
  const height = isWall ? 1.1 + 1.3 * tallness : 1 + 0.9 * tallness;
  const x = side.back + side.sign * 0.15;
  const colour = palette.colour(isWall ? 'wall' : 'fence', streams.colour('barrier', side.sign));
  const shade = sideLight(light, x);
  const shader = isWall ? wallShader(colour, shade, height, style) : fenceShader(colour, shade, height, style);
  const label = isWall ? LABEL.wall : LABEL.fence;
  scene.objects.push({
    footprint: { x0: x - 0.08, x1: x + 0.08, z0, z1 },
    castShadow: () => {
      const reach = x - side.sign * (light.sunSide === side.sign ? height * 0.55 : 0.25);
      painter.groundTint(Math.min(x, reach), Math.max(x, reach), z0, z1, [24, 24, 34], 0.36 * light.shadow);
    },
    paint: () => {
      const thick = 0.3 * side.sign;
      const end0 = (along: number, y: number, density: number) => shader(along, y, density);
      if (isWall) painter.front(Math.min(x, x + thick), Math.max(x, x + thick), 0, height, z0, label, end0);
      painter.wall(x, z0, z1, 0, height, label, shader);
    },
  });
}

function wallShader(colour: Rgb, shade: number, height: number, style: number): SurfaceShader {
  const course = style < 0.5 ? 0.3 : 0.42;
  return (along, y, density) => {
    let factor = shade * (0.82 + 0.2 * (y / height));
    if (y > height * 0.9) factor *= y > height * 0.92 ? 1.16 : 0.74;
    else if (density > 10) {
      const row = Math.floor(y / course);
      const joint = along / (course * 2.1) + (row % 2) * 0.5;
      const inRow = y / course - row;
      const stone = Math.floor(joint);
      if (inRow < 0.1 || joint - stone < 0.06) factor *= 0.86;
      else factor *= 1 + 0.045 * (((row * 5 + stone * 3) % 4) - 1.5);
    }
    return packRgb(colour[0] * factor, colour[1] * factor, colour[2] * factor);
  };
}

/** Boards, pickets or railings before a dark backing; all of it is fence. */
function fenceShader(colour: Rgb, shade: number, height: number, style: number): SurfaceShader {
  const period = style < 0.4 ? 0.6 : style < 0.75 ? 0.34 : 0.24;
  const board = style < 0.4 ? 0.62 : style < 0.75 ? 0.6 : 0.42;
  const back = scaled(mixed(colour, [52, 66, 44], 0.55), 0.55);
  return (along, y, density) => {
    const place = along / period;
    const share = place - Math.floor(place);
    const rail = (y > height * 0.78 && y < height * 0.88) || (y > height * 0.16 && y < height * 0.26);
    const fine = density * period < 1.6;
    const solid = rail || share < board;
    const factor = shade * (0.86 + 0.18 * (y / height)) * (rail ? 1.08 : 1 - 0.1 * (Math.floor(place) % 2));
    const tone = fine ? mixed(back, colour, rail ? 1 : board) : solid ? colour : back;
    const lightness = !solid && !fine ? shade : factor;
    return packRgb(tone[0] * lightness, tone[1] * lightness, tone[2] * lightness);
  };
}
