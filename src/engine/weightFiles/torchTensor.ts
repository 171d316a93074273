// A PyTorch tensor: a view of a storage, by offset, shape and strides. Storages are read by range, when asked.
import { invariant } from '../../domain/errors.ts';
import {
  BYTES_OF,
  corrupt,
  decodeValues,
  elementsOf,
  isCount,
  isStoredType,
  type StoredType,
  type StoredValues,
  type WeightTensor,
} from './tensors.ts';

/** Where bytes of storages lie; `length` bytes from `start` of storage `key`. Throws `checkpoint.corrupt`. */
export type ReadStorage = (key: string, start: number, length: number) => Promise<Uint8Array>;

/** One run of numbers of a type, which several tensors may share. */
export class TorchStorage {
  readonly key: string;
  /** Safetensors' name; null in a storage of bytes, whose tensors say their type. */
  readonly type: string | null;
  /** Where the view that it is begins, in elements: older files have storages within storages. */
  readonly first: number;

  constructor(key: string, type: string | null, first = 0) {
    this.key = key;
    this.type = type;
    this.first = first;
  }
}

export class TorchTensor {
  readonly storage: TorchStorage;
  readonly type: string;
  /** In elements, as the strides. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  /** Throws `checkpoint.corrupt` for what is no view. */
  constructor(storage: unknown, offset: unknown, shape: unknown, strides: unknown, type?: string) {
    const isList = (value: unknown): value is number[] => Array.isArray(value) && value.every(isCount);
    if (
      !(storage instanceof TorchStorage) ||
      !isCount(offset) ||
      !isList(shape) ||
      !isList(strides) ||
      strides.length !== shape.length
    ) {
      throw corrupt('its pickle has a tensor without a storage, a shape or strides');
    }
    this.storage = storage;
    this.type = type ?? storage.type ?? 'U8';
    this.offset = storage.first + offset;
    this.shape = shape;
    this.strides = strides;
  }

  opened(dict: string, read: ReadStorage): WeightTensor {
    const { type, shape } = this;
    return {
      ...{ type, shape, dict },
      read: async () => {
        invariant(isStoredType(type), () => `A tensor of type ${type} is not read.`);
        return this.values(type, read);
      },
    };
  }

  private async values(type: StoredType, read: ReadStorage): Promise<StoredValues> {
    const { shape, strides, offset, storage } = this;
    const size = BYTES_OF[type];
    const count = elementsOf(shape);
    if (count === 0) return decodeValues(type, new Uint8Array(0));
    const last = shape.reduce((sum, side, axis) => sum + (side - 1) * (strides[axis] ?? 0), 0);
    const bytes = await read(storage.key, offset * size, (last + 1) * size);
    const values = decodeValues(type, bytes);
    return isContiguous(shape, strides) ? values : gathered(values, shape, strides, count);
  }
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const side = shape[axis] ?? 1;
    if (side !== 1 && strides[axis] !== expected) return false;
    expected *= side;
  }
  return true;
}

/** Row-major order out of any other: transposed, channels last, broadcast. */
function gathered(
  values: StoredValues,
  shape: readonly number[],
  strides: readonly number[],
  count: number,
): StoredValues {
  const result = values instanceof Float32Array ? new Float32Array(count) : new Float64Array(count);
  const index = shape.map(() => 0);
  let at = 0;
  for (let i = 0; i < count; i++) {
    result[i] = values[at] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const [side = 1, stride = 0, here = 0] = [shape[axis], strides[axis], index[axis]];
      if (here + 1 < side) {
        index[axis] = here + 1;
        at += stride;
        break;
      }
      index[axis] = 0;
      at -= here * stride;
    }
  }
  return result;
}
