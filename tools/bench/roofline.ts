// Where the time goes, layer by layer, as markdown: what a layer computes and moves at least, and how near it comes to the
// ceiling that the machine's measured peaks put above it (Williams et al., Roofline, CACM 2009).
import type { MachinePeak } from './machinePeak.ts';
import type { BenchResult } from './runCase.ts';

/** Highest rate in GFLOP/s of work that does `flops` on `bytes`. */
export function ceilingOf({ gigaflops, gigabytesPerSecond }: MachinePeak, flops: number, bytes: number): number {
  return Math.min(gigaflops, (flops / bytes) * gigabytesPerSecond);
}

export function rooflineTable(results: readonly BenchResult[], peak: MachinePeak, device: string): string {
  const layers = results.filter(({ flops }) => flops > 0);
  const total = layers.reduce((sum, { oursMs, count }) => sum + oursMs * count, 0);
  const lines = layers.map(({ name, pass, shape, count, flops, bytes, oursMs }) => {
    const rate = flops / oursMs / 1e6;
    const ceiling = ceilingOf(peak, flops, bytes);
    const cells = [
      `${name}${count > 1 ? ` (${count})` : ''}`,
      pass,
      shape,
      (flops / 1e6).toFixed(1),
      (bytes / 1e3).toFixed(0),
      (flops / bytes).toFixed(1),
      oursMs.toFixed(2),
      ((100 * oursMs * count) / total).toFixed(1),
      rate.toFixed(2),
      (bytes / oursMs / 1e6).toFixed(2),
      `${((100 * rate) / ceiling).toFixed(0)} %`,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    `${device}; measured peaks: ${peak.gigaflops.toFixed(1)} GFLOP/s of multiply-adds, ${peak.gigabytesPerSecond.toFixed(1)} GB/s of copying.`,
    '',
    '| layer | pass | shape | MFLOP | kB | FLOP/byte | ms | % of all | GFLOP/s | GB/s | of the ceiling |',
    '|---|---|---|---|---|---|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}
