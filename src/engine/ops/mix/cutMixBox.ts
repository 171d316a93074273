// Where CutMix cuts: host arithmetic, drawn before the step.

export interface CutMixBox {
  readonly y1: number;
  readonly x1: number;
  readonly y2: number;
  readonly x2: number;
  /** Share of the picture that is left outside the box after clipping. */
  readonly lambda: number;
}

/** The box of the CutMix reference code: sides sqrt(1 - lambda) of the picture's, around the centre, clipped at the border; half open. */
export function cutMixBox(draw: {
  readonly width: number;
  readonly height: number;
  /** Share to keep, 0..1. */
  readonly lambda: number;
  readonly centreX: number;
  readonly centreY: number;
}): CutMixBox {
  const { width, height, lambda, centreX, centreY } = draw;
  const share = Math.sqrt(1 - lambda);
  const halfWidth = Math.floor(Math.trunc(width * share) / 2);
  const halfHeight = Math.floor(Math.trunc(height * share) / 2);
  const clamp = (value: number, limit: number): number => Math.min(limit, Math.max(0, value));
  const x1 = clamp(centreX - halfWidth, width);
  const x2 = clamp(centreX + halfWidth, width);
  const y1 = clamp(centreY - halfHeight, height);
  const y2 = clamp(centreY + halfHeight, height);
  return { y1, x1, y2, x2, lambda: 1 - ((x2 - x1) * (y2 - y1)) / (width * height) };
}
