// Fewer points, the same picture: per bucket the lowest and the highest, so that no spike is lost. Pure.

export interface Point {
  readonly step: number;
  readonly value: number;
}

/** At most `maxPoints` points of a series in step order; keeps the first and the last point, and leaves out what is not finite. */
export function decimate(steps: Float64Array, values: Float64Array, maxPoints: number): readonly Point[] {
  const count = steps.length;
  const at = (index: number): Point => ({ step: steps[index] ?? 0, value: values[index] ?? 0 });
  const finite = (index: number): boolean => Number.isFinite(values[index]);
  const points: Point[] = [];
  if (count <= maxPoints) {
    for (let index = 0; index < count; index++) if (finite(index)) points.push(at(index));
    return points;
  }
  const buckets = Math.floor((maxPoints - 2) / 2);
  if (finite(0)) points.push(at(0));
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = 1 + Math.floor((bucket * (count - 2)) / buckets);
    const to = 1 + Math.floor(((bucket + 1) * (count - 2)) / buckets);
    let low = -1;
    let high = -1;
    for (let index = from; index < to; index++) {
      if (!finite(index)) continue;
      const value = values[index] ?? 0;
      if (low < 0 || value < (values[low] ?? 0)) low = index;
      if (high < 0 || value > (values[high] ?? 0)) high = index;
    }
    if (low < 0) continue;
    points.push(at(Math.min(low, high)));
    if (low !== high) points.push(at(Math.max(low, high)));
  }
  if (finite(count - 1)) points.push(at(count - 1));
  return points;
}

export type Row = { readonly step: number } & Readonly<Record<string, number>>;

/** Several series as rows of one table, by step; a series without a point at a step has no cell there. */
export function mergeByStep(series: Readonly<Record<string, readonly Point[]>>): readonly Row[] {
  type Cells = Record<string, number> & { step: number };
  const rows = new Map<number, Cells>();
  for (const [key, points] of Object.entries(series)) {
    for (const { step, value } of points) {
      const row: Cells = rows.get(step) ?? { step };
      row[key] = value;
      rows.set(step, row);
    }
  }
  return [...rows.values()].sort((left, right) => left.step - right.step);
}
