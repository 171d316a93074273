import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Lifetime, planMemory } from './memoryPlan.ts';

const lifetime = fc
  .record({ sizeBytes: fc.integer({ min: 4, max: 1000 }), first: fc.nat(40), length: fc.nat(12) })
  .map(({ sizeBytes, first, length }): Lifetime => ({ sizeBytes, first, last: first + length }));

describe('planMemory', () => {
  it('gives a chain two buffers: each command reads one and writes the other', () => {
    const chain = Array.from({ length: 10 }, (_, i) => ({ sizeBytes: 100, first: i, last: i + 1 }));
    expect(planMemory(chain)).toMatchObject({ totalBytes: 200, lowerBoundBytes: 200 });
  });

  it('keeps apart what is alive together, and holds what it is given', () => {
    fc.assert(
      fc.property(fc.array(lifetime, { maxLength: 60 }), (lifetimes) => {
        const { bufferOf, bufferBytes, totalBytes, lowerBoundBytes } = planMemory(lifetimes);
        for (const [i, a] of lifetimes.entries()) {
          expect(bufferBytes[bufferOf[i]!]).toBeGreaterThanOrEqual(a.sizeBytes);
          for (const [j, b] of lifetimes.slice(0, i).entries()) {
            if (a.first <= b.last && b.first <= a.last) expect(bufferOf[i]).not.toBe(bufferOf[j]);
          }
        }
        expect(totalBytes).toBeGreaterThanOrEqual(lowerBoundBytes);
        expect(totalBytes).toBeLessThanOrEqual(lifetimes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
      }),
    );
  });

  it('knows the most that is ever alive', () => {
    fc.assert(
      fc.property(fc.array(lifetime, { maxLength: 30 }), (lifetimes) => {
        const alive = Array.from({ length: 60 }, (_, at) =>
          lifetimes.filter(({ first, last }) => first <= at && at <= last).reduce((sum, x) => sum + x.sizeBytes, 0),
        );
        expect(planMemory(lifetimes).lowerBoundBytes).toBe(Math.max(...alive));
      }),
    );
  });
});
