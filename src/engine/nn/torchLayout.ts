// Between TensorFlow.js's array layout and PyTorch's. Rank 4 is a filter: [height, width, in, out] here, [out, in, height,
// width] there; for transposed convolutions [height, width, out, in] and [in, out, height, width], the same permutation.

/** The shape under which PyTorch knows an array of TensorFlow.js shape `shape`. */
export function torchShape(shape: readonly number[]): readonly number[] {
  const [height, width, third, fourth] = shape;
  if (height === undefined || width === undefined || third === undefined || fourth === undefined) return shape;
  return [fourth, third, height, width];
}

/** Values in PyTorch's order; `shape` is TensorFlow.js's. */
export function toTorchLayout(values: Float32Array, shape: readonly number[]): Float32Array {
  if (shape.length !== 4) return values.slice();
  const result = new Float32Array(values.length);
  forEachPlace(shape, (here, there) => {
    result[there] = values[here] ?? 0;
  });
  return result;
}

/** Values in TensorFlow.js's order; `shape` is TensorFlow.js's. */
export function fromTorchLayout(values: ArrayLike<number>, shape: readonly number[]): Float32Array {
  const result = new Float32Array(values.length);
  if (shape.length !== 4) result.set(values);
  else {
    forEachPlace(shape, (here, there) => {
      result[here] = values[there] ?? 0;
    });
  }
  return result;
}

/** Each element's place in our order, and where PyTorch has it. */
function forEachPlace(shape: readonly number[], visit: (here: number, there: number) => void): void {
  const [height = 1, width = 1, third = 1, fourth = 1] = shape;
  const area = height * width;
  let here = 0;
  for (let place = 0; place < area; place++) {
    for (let i = 0; i < third; i++) {
      for (let o = 0; o < fourth; o++) visit(here++, (o * third + i) * area + place);
    }
  }
}
