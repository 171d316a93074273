// What PyTorch's weight files call for, and no more: tensors and parameters out of storages, ordered dictionaries, sets, bytes.
// Signatures follow torch/_utils.py.
import { KnownCallable, type PickleKnowledge, type PickleValue } from './pickle.ts';
import { corrupt, unsupported } from './tensors.ts';
import { TorchStorage, TorchTensor } from './torchTensor.ts';

/** Element types under safetensors' names, by the class of their storage... */
const STORAGE_TYPES: Readonly<Record<string, string>> = {
  FloatStorage: 'F32',
  DoubleStorage: 'F64',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
  ComplexFloatStorage: 'C64',
  ComplexDoubleStorage: 'C128',
};
/** ...and by dtype. */
const DTYPES: Readonly<Record<string, string>> = {
  float32: 'F32',
  float: 'F32',
  float64: 'F64',
  double: 'F64',
  float16: 'F16',
  half: 'F16',
  bfloat16: 'BF16',
  int64: 'I64',
  long: 'I64',
  int32: 'I32',
  int: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint8: 'U8',
  uint16: 'U16',
  uint32: 'U32',
  uint64: 'U64',
  bool: 'BOOL',
  complex64: 'C64',
  complex128: 'C128',
  float8_e4m3fn: 'F8_E4M3',
  float8_e5m2: 'F8_E5M2',
};

/** A class or constant that stands for something and is not called. */
class Named extends KnownCallable {
  constructor(name: string) {
    super(name, () => {
      throw corrupt(`its pickle calls ${name}`);
    });
  }
}

const listOf = (value: PickleValue | undefined): PickleValue[] => (Array.isArray(value) ? value : []);

function mapOfPairs(pairs: PickleValue | undefined): Map<PickleValue, PickleValue> {
  if (pairs instanceof Map) return new Map(pairs);
  return new Map(listOf(pairs).map((pair) => [listOf(pair)[0] ?? null, listOf(pair)[1] ?? null] as const));
}

function encoded([text, encoding]: readonly PickleValue[]): Uint8Array {
  if (typeof text !== 'string' || encoding !== 'latin1') throw corrupt('its pickle has bytes in an odd encoding');
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function tensorOfType(args: readonly PickleValue[]): TorchTensor {
  const dtype = args[6];
  const type = dtype instanceof KnownCallable ? DTYPES[dtype.name.replace('torch.', '')] : undefined;
  return new TorchTensor(args[0], args[1], args[2], args[3], type);
}

/** By `module.name`. */
const CALLABLES: Readonly<Record<string, (args: readonly PickleValue[]) => PickleValue>> = {
  'torch._utils._rebuild_tensor': (args) => new TorchTensor(args[0], args[1], args[2], args[3]),
  'torch._utils._rebuild_tensor_v2': (args) => new TorchTensor(args[0], args[1], args[2], args[3]),
  'torch._utils._rebuild_tensor_v3': tensorOfType,
  'torch._utils._rebuild_parameter': ([data]) => data ?? null,
  'torch._utils._rebuild_parameter_with_state': ([data]) => data ?? null,
  'torch.Size': ([sides]) => listOf(sides),
  'torch.device': ([name]) => name ?? null,
  'collections.OrderedDict': ([pairs]) => mapOfPairs(pairs),
  'collections.defaultdict': ([, pairs]) => mapOfPairs(pairs),
  'collections.Counter': ([pairs]) => mapOfPairs(pairs),
  'builtins.dict': ([pairs]) => mapOfPairs(pairs),
  'builtins.list': ([items]) => [...listOf(items)],
  'builtins.tuple': ([items]) => [...listOf(items)],
  'builtins.set': ([items]) => new Set(listOf(items)),
  'builtins.frozenset': ([items]) => new Set(listOf(items)),
  'builtins.bytes': () => new Uint8Array(0),
  'builtins.bytearray': ([first]) => (first instanceof Uint8Array ? first : new Uint8Array(0)),
  'builtins.int': ([value]) => value ?? 0,
  'builtins.float': ([value]) => value ?? 0,
  '_codecs.encode': encoded,
};

function globalOf(given: string): KnownCallable | undefined {
  const name = given.replace(/^__builtin__\./, 'builtins.');
  const call = Object.hasOwn(CALLABLES, name) ? CALLABLES[name] : undefined;
  if (call !== undefined) return new KnownCallable(name, call);
  const [, storage] = /^torch\.(?:storage\.|cuda\.)?(\w+Storage)$/.exec(name) ?? [];
  const isStorage = storage !== undefined && (Object.hasOwn(STORAGE_TYPES, storage) || storage === 'UntypedStorage');
  const [, dtype] = /^torch\.(\w+)$/.exec(name) ?? [];
  if (isStorage || (dtype !== undefined && Object.hasOwn(DTYPES, dtype))) return new Named(name);
  return undefined;
}

/** ('storage', class, key, device, elements, view), the last of which older files alone have: (key, first, elements) or None. */
function storageOf(id: PickleValue): TorchStorage {
  const [kind, type, key, , , view] = listOf(id);
  if (kind !== 'storage' || !(type instanceof KnownCallable) || typeof key !== 'string') {
    throw corrupt('its pickle refers to what is no storage');
  }
  const [, first] = listOf(view);
  const name = type.name.slice(type.name.lastIndexOf('.') + 1);
  return new TorchStorage(key, STORAGE_TYPES[name] ?? null, typeof first === 'number' ? first : 0);
}

export const TORCH_KNOWLEDGE: PickleKnowledge = { global: globalOf, persistent: storageOf };

/** What is said to files of machines that store the highest byte first. */
export const bigEndian = () =>
  unsupported('its numbers are stored big-endian', 'Save it again on an ordinary machine, or as safetensors.');
