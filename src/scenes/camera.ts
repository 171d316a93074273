// The pinhole camera of a scene. World: X right, Y up from the ground, Z ahead, in metres; screen: u right, v down, in pixels.
import type { Size } from '../domain/dataset.ts';
import type { LayoutParameters } from './layoutParameters.ts';
import type { SceneStreams } from './sceneStreams.ts';

/** Nothing nearer than this is drawn, metres. */
export const NEAR = 0.9;

export class Camera {
  readonly size: Size;
  /** Pixels. */
  readonly focal: number;
  /** Row of the horizon. */
  readonly horizon: number;
  /** Column of the optical axis. */
  readonly centre: number;
  /** Metres above the ground. */
  readonly height: number;

  constructor(size: Size, parameters: LayoutParameters, streams: SceneStreams) {
    const draw = streams.layout('camera');
    this.size = size;
    this.height = parameters.cameraHeight + draw.uniform(-0.1, 0.1);
    this.focal = parameters.focal * size.height * draw.uniform(0.95, 1.05);
    this.horizon = size.height * (parameters.horizon + draw.uniform(-1, 1) * parameters.horizonJitter);
    this.centre = size.width * (0.5 + draw.uniform(-0.1, 0.1));
  }

  u(x: number, z: number): number {
    return this.centre + (this.focal * x) / z;
  }

  v(y: number, z: number): number {
    return this.horizon + (this.focal * (this.height - y)) / z;
  }

  /** Size on screen of `metres` seen face on at depth `z`. */
  pixels(metres: number, z: number): number {
    return (this.focal * metres) / z;
  }

  /** Depth of the ground at the middle of a row below the horizon. */
  groundDepth(row: number): number {
    return (this.focal * this.height) / Math.max(row + 0.5 - this.horizon, 0.5);
  }
}
