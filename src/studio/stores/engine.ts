// What the worker says about itself: connection, device, what it can train. Also the failures a person should see.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DeviceInfo } from '../../domain/device.ts';
import type { ErrorCode, SerialisedError } from '../../domain/errors.ts';
import type { MethodInfo } from '../../domain/method.ts';
import type { MetricSpec } from '../../domain/metrics.ts';
import type { NetworkInfo } from '../../domain/network.ts';
import type { Recipe } from '../../domain/recipe.ts';

export interface Failure {
  readonly id: number;
  readonly error: SerialisedError;
}

/** What went wrong and was put right: said in one line. */
export interface Recovery {
  readonly reason: SerialisedError;
  /** Of the run that went on: where, and how many updates it does again. */
  readonly run: { readonly step: number; readonly repeated: number } | null;
}

export interface EngineState {
  readonly connection: 'connecting' | 'ready' | 'lost';
  readonly device: DeviceInfo | null;
  readonly methods: readonly MethodInfo[];
  /** What every run measures beside what its methods report. */
  readonly metrics: readonly MetricSpec[];
  readonly networks: readonly NetworkInfo[];
  /** Those that ship with the studio. */
  readonly recipes: readonly Recipe[];
  /** Newest first; dismissed by the person, never by time. */
  readonly failures: readonly Failure[];
  readonly recovery: Recovery | null;
}

export function createEngineStore(): StoreApi<EngineState> {
  return createStore(() => ({
    connection: 'connecting',
    device: null,
    methods: [],
    metrics: [],
    networks: [],
    recipes: [],
    failures: [],
    recovery: null,
  }));
}

const MAX_FAILURES = 3;

/** Shows an error; the same code twice replaces the older one. */
export function reportFailure(engine: StoreApi<EngineState>, error: SerialisedError): void {
  engine.setState(({ failures }) => {
    const id = 1 + Math.max(0, ...failures.map((failure) => failure.id));
    const others = failures.filter((failure) => failure.error.code !== error.code);
    return { failures: [{ id, error }, ...others].slice(0, MAX_FAILURES) };
  });
}

/** Takes away what is not true any more. */
export function clearFailures(engine: StoreApi<EngineState>, isOver: (code: ErrorCode) => boolean): void {
  const { failures } = engine.getState();
  const left = failures.filter(({ error }) => !isOver(error.code));
  if (left.length < failures.length) engine.setState({ failures: left });
}

export function dismissFailure(engine: StoreApi<EngineState>, id: number): void {
  engine.setState(({ failures }) => ({ failures: failures.filter((failure) => failure.id !== id) }));
}
