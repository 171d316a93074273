// Files as torch.save writes them, put together without PyTorch: the zip of today and the plain pickles of before 1.6.
import { configure, Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';

configure({ useWebWorkers: false });

/** A tuple, which a pickle tells from a list. */
export class Tuple {
  readonly items: readonly Picklable[];
  constructor(...items: Picklable[]) {
    this.items = items;
  }
}

/** Calls a class or function, as a pickle does for everything that is no plain value. */
export class Call {
  readonly module: string;
  readonly name: string;
  /** Null: the name alone. */
  readonly args: readonly Picklable[] | null;
  constructor(module: string, name: string, args: readonly Picklable[] | null) {
    this.module = module;
    this.name = name;
    this.args = args;
  }
}

export interface TensorOptions {
  readonly offset?: number;
  readonly strides?: readonly number[];
  /** Storages of one key are one. */
  readonly key?: string;
  /** By which function the tensor is made again. */
  readonly rebuild?: string;
}

/** A tensor over all of `values`, little-endian, unless told otherwise. */
export class Tensor {
  readonly storage: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
  readonly elements: number;
  readonly options: TensorOptions;
  constructor(
    storage: string,
    shape: readonly number[],
    values: ArrayBufferView<ArrayBuffer>,
    options: TensorOptions = {},
  ) {
    this.storage = storage;
    this.shape = shape;
    this.bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.elements = 'length' in values ? Number(values.length) : values.byteLength;
    this.options = options;
  }
}

export const floats = (shape: readonly number[], values: ArrayLike<number>, options: TensorOptions = {}): Tensor =>
  new Tensor('FloatStorage', shape, Float32Array.from(values), options);

export type Picklable =
  | null
  | boolean
  | number
  | string
  | Tuple
  | Call
  | Tensor
  | readonly Picklable[]
  | { readonly [key: string]: Picklable };

const rowMajor = (shape: readonly number[]): number[] =>
  shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));

/** Protocol 2; storages are told by number. */
class Pickler {
  readonly bytes: number[] = [0x80, 2];
  readonly storages = new Map<string, Tensor>();
  private readonly isPlain: boolean;
  constructor(isPlain: boolean) {
    this.isPlain = isPlain;
  }

  finish(value: Picklable): Uint8Array {
    this.write(value);
    this.bytes.push(0x2e);
    return Uint8Array.from(this.bytes);
  }

  private write(value: Picklable): void {
    if (value === null) this.bytes.push(0x4e);
    else if (typeof value === 'boolean') this.bytes.push(value ? 0x88 : 0x89);
    else if (typeof value === 'number') this.number(value);
    else if (typeof value === 'string') this.text(value);
    else if (value instanceof Tuple) this.marked(value.items, 0x74);
    else if (value instanceof Call) this.call(value);
    else if (value instanceof Tensor) this.tensor(value);
    else if (Array.isArray(value)) {
      this.bytes.push(0x5d);
      this.marked(value, 0x65);
    } else {
      this.bytes.push(0x7d);
      this.marked(Object.entries(value).flat(), 0x75);
    }
  }

  private number(value: number): void {
    const isWhole = Number.isInteger(value) && Math.abs(value) < 2 ** 31;
    const view = new DataView(new ArrayBuffer(isWhole ? 4 : 8));
    if (isWhole) view.setInt32(0, value, true);
    else view.setFloat64(0, value);
    this.bytes.push(isWhole ? 0x4a : 0x47, ...new Uint8Array(view.buffer));
  }

  private text(value: string): void {
    const bytes = new TextEncoder().encode(value);
    this.bytes.push(0x58, ...new Uint8Array(Uint32Array.of(bytes.length).buffer), ...bytes);
  }

  private marked(items: readonly Picklable[], code: number): void {
    this.bytes.push(0x28);
    for (const item of items) this.write(item);
    this.bytes.push(code);
  }

  private call({ module, name, args }: Call): void {
    this.bytes.push(0x63, ...new TextEncoder().encode(`${module}\n${name}\n`));
    if (args === null) return;
    this.marked(args, 0x74);
    this.bytes.push(0x52);
  }

  private tensor(tensor: Tensor): void {
    const { key = String(this.storages.size), offset = 0, strides = rowMajor(tensor.shape), rebuild } = tensor.options;
    if (!this.storages.has(key)) this.storages.set(key, tensor);
    const id = ['storage', new Call('torch', tensor.storage, null), key, 'cpu', tensor.elements];
    this.bytes.push(0x63, ...new TextEncoder().encode(`torch._utils\n${rebuild ?? '_rebuild_tensor_v2'}\n`), 0x28);
    this.write(new Tuple(...id, ...(this.isPlain ? [null] : [])));
    this.bytes.push(0x51);
    for (const part of [offset, new Tuple(...tensor.shape), new Tuple(...strides)]) this.write(part);
    this.write(false);
    this.write(new Call('collections', 'OrderedDict', []));
    this.bytes.push(0x74, 0x52);
  }
}

export interface TorchZipOptions {
  readonly byteorder?: string;
  /** 0, as PyTorch does: nothing is compressed. */
  readonly level?: number;
  /** More files, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

/** As torch.save writes since 1.6. */
export async function torchZip(value: Picklable, { byteorder, level = 0, files = {} }: TorchZipOptions = {}) {
  const pickler = new Pickler(false);
  const writer = new ZipWriter(new Uint8ArrayWriter(), { level });
  await writer.add('archive/data.pkl', new Uint8ArrayReader(pickler.finish(value)));
  for (const [key, { bytes }] of pickler.storages) {
    await writer.add(`archive/data/${key}`, new Uint8ArrayReader(bytes));
  }
  const more = { version: '3\n', ...(byteorder === undefined ? {} : { byteorder }), ...files };
  for (const [name, text] of Object.entries(more)) {
    await writer.add(`archive/${name}`, new Uint8ArrayReader(new TextEncoder().encode(text)));
  }
  return writer.close();
}

/** 0x1950a86a20f9469cfc6c and the protocol 1001, as pickles. */
const MAGIC = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
const PROTOCOL = [0x80, 2, 0x4d, 0xe9, 0x03, 0x2e];

/** As torch.save wrote before 1.6, and writes with `_use_new_zipfile_serialization=False`. */
export function torchPlain(value: Picklable, { littleEndian = true } = {}): Uint8Array {
  const pickler = new Pickler(true);
  const contents = pickler.finish(value);
  const parts = [
    Uint8Array.from([...MAGIC, ...PROTOCOL]),
    new Pickler(true).finish({ protocol_version: 1001, little_endian: littleEndian }),
    contents,
    new Pickler(true).finish([...pickler.storages.keys()]),
    ...[...pickler.storages.values()].flatMap(({ elements, bytes }) => [
      new Uint8Array(BigInt64Array.of(BigInt(elements)).buffer),
      bytes,
    ]),
  ];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
