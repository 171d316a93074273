// Which kernel every pass of a convolution runs with on a device: chosen by estimate when it is first asked for, unless it was
// measured, or a run that is continued has pinned it. The open backend owns one; runs say while they compute with it.
import { invariant } from '../../../../domain/errors.ts';
import { backendInside } from '../../../gpu/backendInside.ts';
import { type ConvShape, keyOf } from '../kernels/shape.ts';
import { type AdapterTraits, candidates, traitsOfAdapter } from './candidates.ts';
import { type ConvVariant, isFilterVariant, variantId } from './variants.ts';

/** Ids of kernels by the key of their pass. */
export type KernelIds = Readonly<Record<string, string>>;

interface Choice {
  readonly shape: ConvShape;
  readonly variant: ConvVariant;
  /** False where the estimate decided. */
  readonly measured: boolean;
}
interface Expected {
  readonly id: string;
  readonly measured: boolean;
}

/** A run's hold on the kernels that it computes with. */
export interface RunKernels {
  /**
   * What it runs with, as text for its checkpoint: another kernel may add up in another order, and a run that is continued
   * must not change its bits because something was measured in between.
   */
  pinned(): string;
  /**
   * Takes the kernels of its checkpoint, which stay open to measurement later; text that is no such thing changes nothing.
   * Before it computes anything. Throws `internal.invariant` if a run beside it would get another kernel.
   */
  pin(text: string): void;
  end(): void;
}

export class KernelChoices {
  readonly traits: AdapterTraits;
  private readonly chosen = new Map<string, Choice>();
  /** Made before, for passes that nobody has asked for since. */
  private readonly expected = new Map<string, Expected>();
  private runs = 0;

  constructor(traits: AdapterTraits) {
    this.traits = traits;
  }

  /** The kernel of a pass; the same from now on, until another is adopted or expected. */
  choose(shape: ConvShape): ConvVariant {
    const key = keyOf(shape);
    const choice = this.chosen.get(key) ?? this.decide(shape, this.expected.get(key));
    this.chosen.set(key, choice);
    return choice.variant;
  }

  /** The passes that have been asked for or adopted, and whether their choice was measured. */
  asked(): { readonly shape: ConvShape; readonly measured: boolean }[] {
    return this.inOrder().map(([, { shape, measured }]) => ({ shape, measured }));
  }

  /** What every pass that has been asked for or adopted runs with; estimates too: what a run has to find again. */
  current(): KernelIds {
    return idsOf(this.inOrder());
  }

  /** Of `current` those that were measured: what is worth storing for an adapter. */
  measured(): KernelIds {
    return idsOf(this.inOrder().filter(([, { measured }]) => measured));
  }

  /** Throws `internal.invariant` while a run is open: another kernel may add up in another order. */
  expectNoRun(): void {
    invariant(this.runs === 0, () => `Kernels cannot be exchanged: ${this.runs} runs compute with them.`);
  }

  /** From now on passes of this shape get `variant`, whatever the estimate says. Between runs only (`expectNoRun`). */
  adopt(shape: ConvShape, variant: ConvVariant): void {
    this.expectNoRun();
    this.chosen.set(keyOf(shape), { shape, variant, measured: true });
  }

  /**
   * Kernels that were measured before: from now on these passes run with them, whether they have been asked for or will be,
   * and are not measured again. An id that is no candidate is passed over. Between runs only (`expectNoRun`).
   */
  restoreMeasured(ids: KernelIds): void {
    this.expectNoRun();
    this.expect(ids, true);
  }

  /** A run begins: until it has ended, what it computes with stays. */
  beginRun(): RunKernels {
    this.runs += 1;
    let isOpen = true;
    return {
      pinned: () => JSON.stringify(this.current()),
      pin: (text) => {
        const ids = parse(text);
        if (isKernelIds(ids)) this.pin(ids);
      },
      end: () => {
        if (isOpen) this.runs -= 1;
        isOpen = false;
      },
    };
  }

  private pin(ids: KernelIds): void {
    // Beside another run, what is chosen stays: a pin may only agree.
    const others = this.runs > 1 ? this.chosen : new Map<string, Choice>();
    for (const [key, { shape, variant }] of others) {
      const pinned = this.decide(shape, { id: ids[key] ?? variantId(variant), measured: false });
      invariant(
        variantId(pinned.variant) === variantId(variant),
        () => `Another run computes with another kernel for ${key}.`,
      );
    }
    this.expect(Object.fromEntries(Object.entries(ids).filter(([key]) => !others.has(key))), false);
  }

  private expect(ids: KernelIds, measured: boolean): void {
    for (const [key, id] of Object.entries(ids)) {
      this.expected.set(key, { id, measured });
      this.chosen.delete(key);
    }
  }

  private decide(shape: ConvShape, earlier: Expected | undefined): Choice {
    // A choice made before may be one with f16; by estimate it never is.
    const all = candidates(shape, this.traits, this.traits.half ? 'f16' : 'f32');
    const same = all.find((variant) => variantId(variant) === earlier?.id);
    const variant = same ?? all[0];
    if (variant === undefined) throw new RangeError(`No kernel fits ${keyOf(shape)}.`); // the tables hold 1x1 and 4x4
    return { shape, variant, measured: same !== undefined && earlier?.measured === true };
  }

  /** Those that gather first, as they have always been stored. */
  private inOrder(): [string, Choice][] {
    const isFilter = ([, { variant }]: [string, Choice]): number => (isFilterVariant(variant) ? 1 : 0);
    return [...this.chosen].sort((a, b) => isFilter(a) - isFilter(b));
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function isKernelIds(value: unknown): value is KernelIds {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((id) => typeof id === 'string')
  );
}

function idsOf(choices: readonly (readonly [string, Choice])[]): KernelIds {
  return Object.fromEntries(choices.map(([key, { variant }]) => [key, variantId(variant)]));
}

// --- the open device's ---------------------------------------------------------------------------------------------

const ofDevice = new WeakMap<GPUDevice, KernelChoices>();

/** Gives the open WebGPU device choices of its own, without any from before: when it is opened, or a test begins on it. */
export function openKernelChoices(): KernelChoices {
  const choices = new KernelChoices(traitsOfAdapter());
  ofDevice.set(backendInside().device, choices);
  return choices;
}

/** The choices of the open WebGPU device. */
export function kernelChoices(): KernelChoices {
  const choices = ofDevice.get(backendInside().device);
  invariant(choices, () => 'The device was not opened by openBackend.');
  return choices;
}
