// Learning-rate schedules: numbers decided on the host, one per step, fed to the update as a scalar tensor.

export interface PolySchedule {
  readonly base: number;
  /** Steps of the whole run; the rate reaches 0 there. */
  readonly steps: number;
  /** Steps of linear rise at the start; 0 for none. */
  readonly warmUp: number;
}

const POWER = 0.9;

/** base * min(1, (k + 1) / warmUp) * (1 - k / steps)^0.9 at 0-based step k (the poly rule of DeepLab, with warm-up). */
export function polyRate({ base, steps, warmUp }: PolySchedule, k: number): number {
  const rise = warmUp === 0 ? 1 : Math.min(1, (k + 1) / warmUp);
  return base * rise * (1 - k / steps) ** POWER;
}
