// PyTorch's two file forms read without PyTorch, what they may not ask for, and files that are something else.
import { describe, expect, it, test } from 'vitest';
import { Call, floats, type Picklable, Tensor, Tuple, torchPlain, torchZip } from '../../testing/torchFiles.ts';
import { TORCH_WROTE } from '../../testing/torchWrote.ts';
import { openWeights } from './openWeights.ts';
import { bytesSource, type WeightFile } from './tensors.ts';

const opened = (file: Uint8Array): Promise<WeightFile> => openWeights(bytesSource(file));
const refusal = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });
async function valuesIn(file: Uint8Array): Promise<Record<string, readonly number[]>> {
  const { tensors } = await opened(file);
  const entries = [...tensors].map(async ([name, tensor]) => [name, [...(await tensor.read())]] as const);
  return Object.fromEntries(await Promise.all(entries));
}
const FORMS = [
  ['zip', (value: Picklable) => torchZip(value)],
  ['zip that somebody compressed', (value: Picklable) => torchZip(value, { level: 6 })],
  ['plain', async (value: Picklable) => torchPlain(value)],
] as const;

describe.each(FORMS)('a %s file', (_, write) => {
  it('gives every type that weights have, under the names of nested dictionaries', async () => {
    const halves = (...bits: number[]) => Uint16Array.from(bits);
    const file = await write({
      epoch: 3,
      note: 'text',
      lr: 2.5e-4,
      done: true,
      none: null,
      list: [1, new Tuple(2, 'x'), floats([1], [9])],
      state_dict: {
        'a.f32': floats([2], [1, -2]),
        'a.f64': new Tensor('DoubleStorage', [1], Float64Array.of(1.5)),
        'a.f16': new Tensor('HalfStorage', [2], halves(0x3c00, 0xc000)),
        'a.bf16': new Tensor('BFloat16Storage', [2], halves(0x3f80, 0xbfc0)),
        'a.num_batches_tracked': new Tensor('LongStorage', [], BigInt64Array.of(7n)),
        'a.bytes': new Tensor('ByteStorage', [2], Uint8Array.of(3, 4)),
        'a.none': floats([0, 3], []),
      },
    });
    expect(await valuesIn(file)).toEqual({
      'list.2': [9],
      'state_dict.a.f32': [1, -2],
      'state_dict.a.f64': [1.5],
      'state_dict.a.f16': [1, -2],
      'state_dict.a.bf16': [1, -1.5],
      'state_dict.a.num_batches_tracked': [7],
      'state_dict.a.bytes': [3, 4],
      'state_dict.a.none': [],
    });
    const { tensors } = await opened(file);
    expect(tensors.get('state_dict.a.f32')).toMatchObject({ dict: 'state_dict', shape: [2], type: 'F32' });
  });

  it('follows offsets and strides, and storages that tensors share', async () => {
    const values = [0, 1, 2, 3, 4, 5, 6, 7];
    const file = await write({
      all: floats([2, 4], values, { key: 's' }),
      transposed: floats([4, 2], values, { key: 's', strides: [1, 4] }),
      tail: floats([3], values, { key: 's', offset: 5 }),
      column: floats([2], values, { key: 's', offset: 1, strides: [4] }),
      broadcast: floats([2, 3], values, { key: 's', offset: 6, strides: [1, 0] }),
    });
    expect(await valuesIn(file)).toEqual({
      all: values,
      transposed: [0, 4, 1, 5, 2, 6, 3, 7],
      tail: [5, 6, 7],
      column: [1, 5],
      broadcast: [6, 6, 6, 7, 7, 7],
    });
  });

  it('knows parameters, ordered dictionaries with attributes, sizes, dtypes and sets', async () => {
    const hooks = new Call('collections', 'OrderedDict', []);
    const file = await write({
      p: new Call('torch._utils', '_rebuild_parameter', [floats([1], [8]), true, hooks]),
      size: new Call('torch', 'Size', [new Tuple(1, 2)]),
      dtype: new Call('torch', 'float32', null),
      set: new Call('builtins', 'set', [['a']]),
      counter: new Call('collections', 'Counter', [{ '30000': 1 }]),
      bytes: new Call('_codecs', 'encode', ['abc', 'latin1']),
    });
    expect(await valuesIn(file)).toEqual({ p: [8] });
  });

  it.each([
    ['posix', 'system', ['exit 1']],
    ['builtins', 'eval', ['1']],
    ['builtins', 'getattr', []],
    ['torch.storage', '_load_from_bytes', ['']],
    ['torch.nn.modules.conv', 'Conv2d', []],
    ['numpy.core.multiarray', 'scalar', []],
    ['argparse', 'Namespace', []],
    ['torch', 'load', []],
    ['torch', 'constructor', null],
    ['', 'toString', null],
  ])('refuses %s.%s by name', async (module, name, args) => {
    const file = await write({ state_dict: { a: floats([1], [1]) }, x: new Call(module, name, args) });
    await expect(opened(file)).rejects.toEqual(refusal('checkpoint.unsafe', `"${module}.${name}"`));
  });

  it.each([
    ['beyond its storage', floats([3], [1, 2], {})],
    ['with a stride beyond it', floats([2, 2], [1, 2, 3, 4], { strides: [3, 2] })],
  ])('refuses a tensor %s', async (_what, tensor) => {
    const { tensors } = await opened(await write({ a: tensor }));
    await expect(tensors.get('a')!.read()).rejects.toEqual(refusal('checkpoint.corrupt', 'storage'));
  });

  it('refuses a tensor with negative strides or without a shape for each', async () => {
    for (const strides of [[-1], [1, 1]]) {
      await expect(opened(await write({ a: floats([2], [1, 2], { strides }) }))).rejects.toEqual(
        refusal('checkpoint.corrupt', 'tensor'),
      );
    }
  });

  it('that was cut off anywhere is refused, and never as a defect', async () => {
    const whole = await write({ a: floats([2], [1, 2]), b: [1, 2, 'x'] });
    for (let length = 0; length < whole.length; length += 7) {
      const code = await opened(whole.slice(0, length)).then(
        () => 'opened',
        (error) => error.code,
      );
      expect(['checkpoint.corrupt', 'data.unsupported-format'], `${length} bytes`).toContain(code);
    }
  });

  it('in which bytes were changed gives a reason, too', async () => {
    const whole = await write({ a: floats([2], [1, 2]), b: [1, 2, 'x'] });
    for (let at = 2; at < whole.length; at += 5) {
      const changed = whole.slice();
      changed[at] = changed[at]! ^ 0xff;
      const outcome = await valuesIn(changed).catch((error) => error.code);
      if (typeof outcome === 'string') {
        expect(['checkpoint.corrupt', 'checkpoint.unsafe', 'data.unsupported-format'], `byte ${at}`).toContain(outcome);
      }
    }
  });
});

test.each(Object.entries(TORCH_WROTE))('the %s file that PyTorch wrote gives what was in it', async (_, base64) => {
  const file = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const { tensors } = await opened(file);
  const named = [...tensors].map(([name, tensor]) => [name.replace('state_dict.module.', ''), tensor] as const);
  expect(named.find(([name]) => name === 'flag')?.[1].type).toBe('BOOL');
  const read = named
    .filter(([name]) => name !== 'flag')
    .map(async ([name, tensor]) => [name, [...(await tensor.read())]]);
  expect(Object.fromEntries(await Promise.all(read))).toEqual({
    weight: [1, 1],
    bias: [0, 0],
    running_mean: [0, 0],
    running_var: [1, 1],
    num_batches_tracked: [0],
    f16: [0.5, -2],
    bf16: [0.5, -2],
    f64: [0.25],
    channels_last: Array.from({ length: 24 }, (_value, i) => i),
    part: [16, 17, 18, 19, 20, 21, 22, 23],
    parameter: [3],
  });
});

test('big-endian files are named, in either form', async () => {
  const value = { a: floats([1], [1]) };
  const expected = refusal('data.unsupported-format', 'big-endian');
  await expect(opened(await torchZip(value, { byteorder: 'big' }))).rejects.toEqual(expected);
  await expect(opened(torchPlain(value, { littleEndian: false }))).rejects.toEqual(expected);
  expect(await valuesIn(await torchZip(value, { byteorder: 'little' }))).toEqual({ a: [1] });
});

test('a TorchScript program is named', async () => {
  const file = await torchZip({}, { files: { 'constants.pkl': '', 'code/x.py': '' } });
  await expect(opened(file)).rejects.toEqual(refusal('data.unsupported-format', 'TorchScript'));
});

const text = (start: string): Uint8Array => new TextEncoder().encode(start.padEnd(300));
test.each([
  ['nothing', new Uint8Array(0), 'checkpoint.corrupt', 'empty'],
  ['a web page', text('<!DOCTYPE html><html>'), 'checkpoint.corrupt', 'web page'],
  ['a Git LFS pointer', text('version https://git-lfs.github.com/spec/v1\n'), 'checkpoint.corrupt', 'LFS'],
  ['an index of shards', text('{"weight_map": {}}'), 'checkpoint.corrupt', 'JSON'],
  ['a gzip', Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5), 'data.unsupported-format', 'gzip'],
  ['a NumPy array', Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0), 'data.unsupported-format', 'NumPy'],
  ['an old tar', text(`${'sys_info'.padEnd(257, '\0')}ustar`), 'data.unsupported-format', 'tar'],
  ['some other pickle', Uint8Array.of(0x80, 2, 0x4b, 1, 0x2e), 'data.unsupported-format', 'pickle'],
  ['an unknown instruction', Uint8Array.of(0x80, 2, 0xff), 'checkpoint.corrupt', 'instruction'],
])('%s is told apart', async (_, file, code, message) => {
  await expect(opened(file)).rejects.toEqual(refusal(code, message));
});

test('a header whose length looks like a pickle is a header', async () => {
  const header = new TextEncoder().encode('{}'.padEnd(0x0280));
  const file = new Uint8Array(8 + header.length);
  file.set([0x80, 0x02]);
  file.set(header, 8);
  expect((await opened(file)).tensors.size).toBe(0);
});
