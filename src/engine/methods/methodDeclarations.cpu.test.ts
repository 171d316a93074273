// What every method says of itself has to be true and usable, over all that are registered: a new method is under test by
// lying in its folder. Nothing is computed here.
import { describe, expect, it } from 'vitest';
import { defaultsOf } from '../../domain/params.ts';
import { trainerOf } from '../training/testing/methodRuns.ts';
import { METHODS, methodEntry } from './registry.ts';

describe('methodEntry', () => {
  it('finds each method by its id, once', () => {
    expect(new Set(METHODS.map(({ info }) => info.id)).size).toBe(METHODS.length);
    for (const method of METHODS) expect(methodEntry(method.info.id)).toBe(method);
    const folders = Object.keys(import.meta.glob('./*/method.ts')).map((path) => path.split('/')[1]);
    expect(METHODS.map(({ info }) => info.id)).toEqual(folders.sort());
    expect(() => methodEntry('nonsense')).toThrow(expect.objectContaining({ code: 'config.invalid' }));
  });
});

describe.each(METHODS)('$info.id', (method) => {
  const { info } = method;

  it('crosses the bridge: its info is plain data', () => {
    expect(structuredClone(info)).toEqual(info);
  });

  it('reads the streams that it says it needs', () => {
    const streams = method.streams({});
    expect(streams.source !== undefined).toBe(info.needs.sourceLabels || info.produces === 'translator');
    expect(streams.target !== undefined).toBe(info.needs.targetImages);
    expect(streams.labelledTarget !== undefined).toBe(info.needs.targetLabels);
    expect(streams.pseudoTarget !== undefined).toBe(info.needs.pseudoLabels === true);
  });

  it('fixes what decides how many images it reads', () => {
    const defaults = defaultsOf(info.params);
    for (const [key, spec] of Object.entries(info.params)) {
      if (spec.fixed === true) continue;
      const other = spec.kind === 'number' ? spec.max : spec.kind === 'choice' ? spec.options.at(-1)! : !spec.default;
      expect(method.streams({ ...defaults, [key]: other }), key).toEqual(method.streams(defaults));
    }
  });

  it('accepts its defaults and rejects parameters that its specs do not allow', () => {
    expect(() => method.streams(defaultsOf(info.params))).not.toThrow();
    expect(() => method.streams({ nonsense: 1 })).toThrow(expect.objectContaining({ code: 'config.invalid' }));
    for (const [key, spec] of Object.entries(info.params)) {
      const wrong = spec.kind === 'number' ? spec.max + 1 : spec.kind === 'choice' ? 'nonsense' : 'true';
      expect(() => trainerOf(info.id, { [key]: wrong }), key).toThrow(
        expect.objectContaining({ code: 'config.invalid' }),
      );
    }
  });

  it('declares every metric, view and role once, and a role only where it means something', () => {
    const once = (names: readonly (string | undefined)[]) => {
      const named = names.filter((name) => name !== undefined);
      expect(new Set(named).size, named.join()).toBe(named.length);
    };
    const { metrics, views = [], params } = info;
    once(metrics.map(({ key }) => key));
    once(views.map(({ name }) => name));
    once(views.map(({ role }) => role));
    once(Object.values(params).map(({ role }) => role));
    for (const { kind, role } of views) if (role !== undefined) expect(kind, role).toBe('label');
    expect(views.some(({ role }) => role === 'kept')).toBe(views.some(({ role }) => role === 'decision'));
    for (const spec of Object.values(params))
      if (spec.role === 'threshold') expect(spec).toMatchObject({ min: 0, max: 1 });
  });
});
