// Python's pickle format (docs.python.org, pickletools; protocols 0 to 5), read without running anything: dictionaries, lists,
// tuples, sets, numbers, texts and bytes, and of all that a pickle can call for, the few things that the caller knows.
import { StudioError } from '../../domain/errors.ts';
import type { PickleBytes } from './pickleBytes.ts';
import { corrupt } from './tensors.ts';

/** None, bool, int, float; str; bytes; list and tuple; set; dict; and what the known callables make. */
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | PickleValue[]
  | Set<PickleValue>
  | Map<PickleValue, PickleValue>
  | KnownCallable
  | object;

/** A class or function of Python's that stands in a pickle; `call` does here what it would do there. */
export class KnownCallable {
  readonly name: string;
  readonly call: (args: readonly PickleValue[]) => PickleValue;

  constructor(name: string, call: (args: readonly PickleValue[]) => PickleValue) {
    this.name = name;
    this.call = call;
  }
}

export interface PickleKnowledge {
  /** By `module.name`; undefined for everything that is not known. */
  global(name: string): KnownCallable | undefined;
  /** What is stored outside of the pickle. */
  persistent(id: PickleValue): PickleValue;
}

/** More digits are no number that a weight file is about. */
const MAX_LONG_BYTES = 1024;

/** What ends a level of the stack. */
const MARK = Symbol('mark');

/** Reads one pickle from `bytes`, which are left after it. Throws `checkpoint.unsafe`, `checkpoint.corrupt`, {@link PickleCutShort}. */
export function readPickle(bytes: PickleBytes, knowledge: PickleKnowledge): PickleValue {
  return new PickleMachine(bytes, knowledge).run();
}

function refused(name: string): StudioError {
  const isModel = /^(torch\.nn|torchvision|__main__)\b/.test(name);
  return new StudioError(
    'checkpoint.unsafe',
    `The weight file asks to run "${name}", which is neither a tensor nor a collection of them. Nothing of it was run.`,
    `If you trust the file, open it in PyTorch and save the weights alone: state = torch.load("FILE", map_location="cpu"); torch.save(${
      isModel ? 'state.state_dict()' : 'state["state_dict"]'
    }, "weights.pth").`,
    { global: name },
  );
}

type Step = (machine: PickleMachine) => void;

class PickleMachine {
  readonly bytes: PickleBytes;
  readonly knowledge: PickleKnowledge;
  private readonly stack: (PickleValue | typeof MARK)[] = [];
  private readonly memo = new Map<number, PickleValue>();

  constructor(bytes: PickleBytes, knowledge: PickleKnowledge) {
    this.bytes = bytes;
    this.knowledge = knowledge;
  }

  run(): PickleValue {
    for (let code = this.bytes.uint8(); code !== STOP; code = this.bytes.uint8()) {
      const step = STEPS.get(code);
      if (step === undefined) throw corrupt(`its pickle has the unknown instruction 0x${code.toString(16)}`, { code });
      step(this);
    }
    return this.pop();
  }

  push(value: PickleValue): void {
    this.stack.push(value);
  }

  mark(): void {
    this.stack.push(MARK);
  }

  pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined || value === MARK) throw corrupt('its pickle takes what is not there');
    return value;
  }

  /** What lies above the last mark, which goes, too. */
  popMark(): PickleValue[] {
    const at = this.stack.lastIndexOf(MARK);
    if (at < 0) throw corrupt('its pickle takes what is not there');
    const values = this.stack.splice(at);
    return values.slice(1) as PickleValue[];
  }

  top(): PickleValue {
    const value = this.pop();
    this.push(value);
    return value;
  }

  /** Discards the top, a mark or a value. */
  drop(): void {
    this.stack.pop();
  }

  put(index: number): void {
    this.memo.set(index, this.top());
  }

  memoise(): void {
    this.put(this.memo.size);
  }

  get(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) throw corrupt('its pickle refers to what is not there');
    this.push(value);
  }

  global(module: string, name: string): void {
    const known = this.knowledge.global(`${module}.${name}`);
    if (known === undefined) throw refused(`${module}.${name}`);
    this.push(known);
  }

  reduce(args: PickleValue): void {
    const callable = this.pop();
    if (!(callable instanceof KnownCallable) || !Array.isArray(args))
      throw corrupt('its pickle calls what is no function');
    this.push(callable.call(args));
  }

  append(items: readonly PickleValue[]): void {
    const list = this.top();
    if (Array.isArray(list)) for (const item of items) list.push(item);
    else if (list instanceof Set) for (const item of items) list.add(item);
    else throw corrupt('its pickle appends to what is no list');
  }

  setItems(items: readonly PickleValue[]): void {
    const dict = this.top();
    if (!(dict instanceof Map)) throw corrupt('its pickle sets items of what is no dictionary');
    fill(dict, items);
  }

  /** Attributes of a dictionary (a state_dict's `_metadata`) say nothing about its tensors; nothing else takes any. */
  build(): void {
    this.pop();
    const object = this.top();
    if (!(object instanceof Map)) throw refused(object instanceof KnownCallable ? object.name : 'BUILD');
  }
}

const STOP = 0x2e;

/** Keys and values by turns. */
function fill(dict: Map<PickleValue, PickleValue>, items: readonly PickleValue[]): Map<PickleValue, PickleValue> {
  for (let i = 0; i + 1 < items.length; i += 2) dict.set(items[i] ?? null, items[i + 1] ?? null);
  return dict;
}

/** A quoted text as Python writes it; names and the like, in which nothing but a backslash or quote is escaped. */
const unquoted = (line: string): string => line.trim().slice(1, -1).replace(/\\(.)/g, '$1');

function decimal(line: string): number {
  const value = Number(line.trim().replace(/L$/, ''));
  if (Number.isNaN(value)) throw corrupt('its pickle has a number that is none');
  return value;
}

function longOf(bytes: PickleBytes, length: number): number {
  if (length > MAX_LONG_BYTES) throw corrupt('its pickle has a number of too many digits');
  return length === 0 ? 0 : bytes.long(length);
}

const latin1 = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

function unknown(what: string): Step {
  return () => {
    throw refused(what);
  };
}

/** By instruction, grouped as pickletools groups them. */
const STEPS: ReadonlyMap<number, Step> = new Map<number, Step>([
  // The pickle itself: its protocol, frames.
  [0x80, ({ bytes }) => void bytes.uint8()],
  [0x95, ({ bytes }) => void bytes.uint64()],
  // Stack and memo.
  [0x28, (m) => m.mark()],
  [0x30, (m) => m.drop()],
  [0x31, (m) => void m.popMark()],
  [0x32, (m) => m.push(m.top())],
  [0x70, (m) => m.put(decimal(m.bytes.line()))],
  [0x71, (m) => m.put(m.bytes.uint8())],
  [0x72, (m) => m.put(m.bytes.uint32())],
  [0x94, (m) => m.memoise()],
  [0x67, (m) => m.get(decimal(m.bytes.line()))],
  [0x68, (m) => m.get(m.bytes.uint8())],
  [0x6a, (m) => m.get(m.bytes.uint32())],
  // None, bool, int, float.
  [0x4e, (m) => m.push(null)],
  [0x88, (m) => m.push(true)],
  [0x89, (m) => m.push(false)],
  [
    0x49,
    (m) => {
      const line = m.bytes.line();
      m.push(line === '01' ? true : line === '00' ? false : decimal(line));
    },
  ],
  [0x4a, (m) => m.push(m.bytes.int32())],
  [0x4b, (m) => m.push(m.bytes.uint8())],
  [0x4d, (m) => m.push(m.bytes.uint16())],
  [0x4c, (m) => m.push(decimal(m.bytes.line()))],
  [0x8a, (m) => m.push(longOf(m.bytes, m.bytes.uint8()))],
  [0x8b, (m) => m.push(longOf(m.bytes, m.bytes.uint32()))],
  [0x46, (m) => m.push(decimal(m.bytes.line()))],
  [0x47, (m) => m.push(m.bytes.float64())],
  // Texts and bytes.
  [0x53, (m) => m.push(unquoted(m.bytes.line()))],
  [0x54, (m) => m.push(latin1(m.bytes.take(m.bytes.uint32())))],
  [0x55, (m) => m.push(latin1(m.bytes.take(m.bytes.uint8())))],
  [0x56, (m) => m.push(m.bytes.line())],
  [0x58, (m) => m.push(m.bytes.text(m.bytes.uint32()))],
  [0x8c, (m) => m.push(m.bytes.text(m.bytes.uint8()))],
  [0x8d, (m) => m.push(m.bytes.text(m.bytes.uint64()))],
  [0x42, (m) => m.push(m.bytes.take(m.bytes.uint32()))],
  [0x43, (m) => m.push(m.bytes.take(m.bytes.uint8()))],
  [0x8e, (m) => m.push(m.bytes.take(m.bytes.uint64()))],
  [0x96, (m) => m.push(m.bytes.take(m.bytes.uint64()))],
  // Lists, tuples, sets, dictionaries.
  [0x5d, (m) => m.push([])],
  [0x6c, (m) => m.push(m.popMark())],
  [0x61, (m) => m.append([m.pop()])],
  [0x65, (m) => m.append(m.popMark())],
  [0x29, (m) => m.push([])],
  [0x74, (m) => m.push(m.popMark())],
  [0x85, (m) => m.push([m.pop()])],
  [0x86, (m) => m.push([m.pop(), m.pop()].reverse())],
  [0x87, (m) => m.push([m.pop(), m.pop(), m.pop()].reverse())],
  [0x8f, (m) => m.push(new Set())],
  [0x90, (m) => m.append(m.popMark())],
  [0x91, (m) => m.push(new Set(m.popMark()))],
  [0x7d, (m) => m.push(new Map())],
  [0x64, (m) => m.push(fill(new Map(), m.popMark()))],
  [0x73, (m) => m.setItems([m.pop(), m.pop()].reverse())],
  [0x75, (m) => m.setItems(m.popMark())],
  // What can do harm: names, calls, objects, registered extensions, buffers out of band.
  [0x63, (m) => m.global(m.bytes.line(), m.bytes.line())],
  [
    0x93,
    (m) => {
      const [name, module] = [m.pop(), m.pop()];
      if (typeof name !== 'string' || typeof module !== 'string') throw corrupt('its pickle has a name that is none');
      m.global(module, name);
    },
  ],
  [0x52, (m) => m.reduce(m.pop())],
  [0x81, (m) => m.reduce(m.pop())],
  [0x92, unknown('NEWOBJ_EX')],
  [0x62, (m) => m.build()],
  [
    0x69,
    (m) => {
      const args = m.popMark();
      m.global(m.bytes.line(), m.bytes.line());
      m.reduce(args);
    },
  ],
  [0x6f, unknown('OBJ')],
  [0x82, unknown('EXT1')],
  [0x83, unknown('EXT2')],
  [0x84, unknown('EXT4')],
  [0x97, unknown('NEXT_BUFFER')],
  [0x98, unknown('READONLY_BUFFER')],
  [0x50, (m) => m.push(m.knowledge.persistent(m.bytes.line()))],
  [0x51, (m) => m.push(m.knowledge.persistent(m.pop()))],
]);
