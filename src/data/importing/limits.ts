// What a file may demand of the machine before it is looked at more closely.

export interface ImportLimits {
  /** Width times height of one picture. */
  readonly maxPixels: number;
  /** Bytes of one file, as it lies in the folder or after unpacking. */
  readonly maxFileBytes: number;
  /** Bytes of everything in one archive, unpacked. */
  readonly maxArchiveBytes: number;
  readonly maxArchiveEntries: number;
  /** Archives within archives. */
  readonly maxArchiveDepth: number;
  /** Unpacked over packed size of one archive entry; flat label masks reach some hundreds. */
  readonly maxExpansion: number;
  /** Entries smaller than this are never judged by their expansion. */
  readonly expansionFloorBytes: number;
}

/** Room for 8K photos and for all of GTA5 in one archive; far below what hurts a browser tab. */
export const DEFAULT_LIMITS: ImportLimits = {
  maxPixels: 40_000_000,
  maxFileBytes: 256 * 2 ** 20,
  maxArchiveBytes: 256 * 2 ** 30,
  maxArchiveEntries: 500_000,
  maxArchiveDepth: 3,
  maxExpansion: 400,
  expansionFloorBytes: 4 * 2 ** 20,
};
