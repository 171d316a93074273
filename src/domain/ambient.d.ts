// The few globals that every host (page, worker, Node) really shares. Whatever is not here or in ES2023
// does not exist for domain, data, engine, session and bridge: the type checker enforces it.
interface AbortSignal {
  readonly aborted: boolean;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare const AbortController: { prototype: AbortController; new (): AbortController };
declare const performance: { now(): number };
declare function setTimeout(callback: () => void, delayMs?: number): number;
declare function clearTimeout(handle: number | undefined): void;
declare function structuredClone<T>(value: T, options?: { transfer?: readonly object[] }): T;
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean });
  decode(bytes: Uint8Array | ArrayBuffer): string;
}
