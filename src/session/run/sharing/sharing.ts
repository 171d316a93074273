// What a host gives that shares its stores with others (tabs of one browser): names that one at a time may hold, and a line to
// everybody. A host that is alone gives nothing, and owns every run that it opens.

export interface Hold {
  release(): void;
}

export interface HoldWish {
  /** `shared`: any number at a time, but nobody alone. */
  readonly mode: 'exclusive' | 'shared';
  /** How long to wait for whoever holds it. */
  readonly waitMs: number;
  /** Then take it: who holds it does not answer any more. */
  readonly steal?: boolean;
  /** It was taken by somebody else. */
  readonly onLost?: () => void;
}

export interface Line {
  /** Plain data, to everybody but oneself. */
  post(message: unknown): void;
  close(): void;
}

export interface Sharing {
  /** Null where somebody else holds the name. */
  hold(name: string, wish: HoldWish): Promise<Hold | null>;
  line(name: string, receive: (message: unknown) => void): Line;
}

export const runName = (runId: string): string => `udas-studio run ${runId}`;
export const datasetName = (datasetId: string): string => `udas-studio dataset ${datasetId}`;
