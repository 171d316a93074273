// Numbers and times as people read them. A value that does not exist is an en dash, never a zero.

const NONE = '–';

export function formatPercent(value: number | null | undefined, digits = 1): string {
  return value === null || value === undefined || Number.isNaN(value) ? NONE : value.toFixed(digits);
}

/** With its unit, for values that stand alone. */
export function formatShare(percent: number): string {
  return Number.isNaN(percent) ? NONE : `${percent.toFixed(1)} %`;
}

/** With its sign; what rounds to nothing has neither. */
export function formatChange(value: number): string {
  const rounded = Number(value.toFixed(1));
  return `${rounded < 0 ? '−' : rounded > 0 ? '+' : '±'}${Math.abs(rounded).toFixed(1)}`;
}

/** Whether it reads as a loss. */
export function isFalling(change: number): boolean {
  return Number(change.toFixed(1)) < 0;
}

/** `1.3 s`, `2:05`, `1:02:05`. */
export function formatDuration(durationMs: number | null): string {
  if (durationMs === null || !Number.isFinite(durationMs)) return NONE;
  if (durationMs < 10_000) return `${(durationMs / 1000).toFixed(1)} s`;
  const total = Math.round(durationMs / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor(total / 60) % 60;
  const seconds = two(total % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${seconds}` : `${minutes}:${seconds}`;
}

/** Decimal units, as disks are sold and browsers report. */
export function formatBytes(sizeBytes: number | null): string {
  if (sizeBytes === null) return NONE;
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = sizeBytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A name with the unit of what it measures, where it has one. */
export function withUnit(name: string, unit: string): string {
  return unit === '' ? name : `${name}, ${unit}`;
}

/** Three significant digits, for losses and rates of any scale. */
export function formatScalar(value: number): string {
  if (!Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.01 || size >= 10_000)) return value.toExponential(1);
  return Number(value.toPrecision(3)).toString();
}

/** Made once: making a formatter takes longer than a thousand uses of it. */
const COUNTS = new Intl.NumberFormat('en-US');

export function formatCount(value: number): string {
  return COUNTS.format(value);
}

/** A day as the reader's language writes it. */
export function formatDay(atMs: number, language: string): string {
  return new Date(atMs).toLocaleDateString(language, { month: 'short', day: 'numeric' });
}
