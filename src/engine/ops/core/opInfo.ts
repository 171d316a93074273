// What a person is told of an operation: its line in the list of operations, and what its own test holds it to.

export interface OpInfo {
  /** Of its folder. */
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** On WebGPU; null where they depend on the shape, or are those of TensorFlow.js. */
  readonly dispatches: Dispatches | null;
  /** Dispatches of TensorFlow.js's composition, forward and back together, where they have been counted. */
  readonly composed?: number | readonly [least: number, most: number];
  /** Where the operation comes from: authors, year, equation. */
  readonly paper?: string;
}

export interface Dispatches {
  readonly forward: number;
  /** Of the gradient to everything that has one; null where there is none. */
  readonly back: number | null;
}
