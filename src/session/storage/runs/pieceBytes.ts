// A piece of history as bytes, the same in every host: a checksum, a header in JSON, then the numbers as float64. NaN survives.
import type { MetricFrame } from '../../../domain/metrics.ts';
import type { Evaluation } from '../../../domain/run.ts';
import type { HistoryPiece } from '../../run/runHistory.ts';
import { crc32 } from '../crc32.ts';

/** "UDASHIS1", then checksum and length of the header, then everything that the checksum covers. */
const MAGIC = 'UDASHIS1';
const HEADER_AT = 16;

interface Header {
  readonly metrics: readonly { readonly key: string; readonly count: number }[];
  readonly evaluations: readonly Omit<Evaluation, 'confusion'>[];
  /** Entries of a confusion matrix, one an evaluation. */
  readonly confusions: readonly number[];
}

export function packPiece({ metrics, evaluations }: HistoryPiece): Uint8Array {
  const series = Object.entries(metrics);
  const header: Header = {
    metrics: series.map(([key, { steps }]) => ({ key, count: steps.length })),
    evaluations: evaluations.map(({ confusion: _, ...rest }) => rest),
    confusions: evaluations.map(({ confusion }) => confusion.length),
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const numbers = [
    ...series.flatMap(([, { steps, values }]) => [steps, values]),
    ...evaluations.map(({ confusion }) => confusion),
  ];
  const count = numbers.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(HEADER_AT + text.length + 8 * count);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC));
  view.setUint32(12, text.length, true);
  bytes.set(text, HEADER_AT);
  let at = HEADER_AT + text.length;
  for (const part of numbers) {
    bytes.set(new Uint8Array(Float64Array.from(part).buffer), at);
    at += 8 * part.length;
  }
  view.setUint32(8, crc32(bytes.subarray(12)), true);
  return bytes;
}

/** Null for bytes that are damaged. */
export function unpackPiece(bytes: Uint8Array): HistoryPiece | null {
  if (bytes.length < HEADER_AT || new TextDecoder().decode(bytes.subarray(0, 8)) !== MAGIC) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(8, true) !== crc32(bytes.subarray(12))) return null;
  let at = HEADER_AT + view.getUint32(12, true);
  const header: Header = JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER_AT, at)));
  const next = (count: number): Float64Array => {
    const numbers = new Float64Array(bytes.slice(at, at + 8 * count).buffer);
    at += 8 * count;
    return numbers;
  };
  const metrics: MetricFrame = Object.fromEntries(
    header.metrics.map(({ key, count }) => [key, { steps: next(count), values: next(count) }]),
  );
  const evaluations = header.evaluations.map((rest, i) => ({ ...rest, confusion: next(header.confusions[i] ?? 0) }));
  return { metrics, evaluations };
}
