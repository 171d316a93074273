// Seeded random streams: every random decision of the studio is drawn here, so that a seed is a promise.
// Only integer arithmetic and +, -, * on doubles decide values: identical bits in every JavaScript engine.

/** Part of a stream's key: streams with different keys are independent. */
export type StreamKey = string | number;

/** A stream's whole state: four 32-bit words. */
export type RandomState = readonly [number, number, number, number];

const mix = (hash: number, value: number): number => {
  let h = Math.imul(hash ^ (value | 0), 0x9e3779b1);
  h ^= h >>> 15;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  return h | 0;
};

/** 32-bit hash of a key list. Numbers are hashed by their integer part and, where they have one, their fraction in 2^-20. */
export function hashKeys(seed: number, keys: readonly StreamKey[]): number {
  let hash = mix(0x243f6a88, seed);
  for (const key of keys) {
    if (typeof key === 'number') {
      hash = mix(hash, Math.trunc(key));
      const fraction = key - Math.trunc(key);
      if (fraction !== 0) hash = mix(hash, Math.round(fraction * 1048576) + 1);
    } else {
      hash = mix(hash, key.length);
      for (let i = 0; i < key.length; i++) hash = mix(hash, key.charCodeAt(i));
    }
  }
  return hash;
}

/** sfc32 (PractRand): 128 bits of state, passes BigCrush. */
export class RandomStream {
  private a = 0;
  private b = 0;
  private c = 0;
  private d = 1;

  constructor(seed: number, ...keys: readonly StreamKey[]) {
    this.a = hashKeys(seed, keys);
    this.b = mix(this.a, 0x13198a2e);
    this.c = mix(this.b, 0x03707344);
    for (let i = 0; i < 12; i++) this.word();
  }

  /** Next 32 bits as an unsigned integer. */
  word(): number {
    // Each field read once: networks of 44 million weights draw half a billion words.
    const { a, b, c, d } = this;
    const t = (((a + b) | 0) + d) | 0;
    this.d = (d + 1) | 0;
    this.a = b ^ (b >>> 9);
    this.b = (c + (c << 3)) | 0;
    this.c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  }

  /** Uniform in [low, high). */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * (this.word() / 4294967296);
  }

  /** Uniform integer in [0, count). */
  integer(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** Mean 0, variance 1, from twelve uniforms (Irwin-Hall): bounded by 6, and free of engine-dependent log and cos. */
  normal(): number {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.uniform();
    return sum;
  }

  /** A random order of 0..count-1 (Fisher-Yates). */
  permutation(count: number): Uint32Array {
    const order = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      const j = this.integer(i + 1);
      order[i] = order[j] ?? 0;
      order[j] = i;
    }
    return order;
  }

  state(): RandomState {
    return [this.a, this.b, this.c, this.d];
  }

  restore(state: RandomState): void {
    [this.a, this.b, this.c, this.d] = state;
  }
}
