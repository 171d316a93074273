// Property tests draw the same cases every time, so that a failure is of the change it appears with. PROPERTY_SEED names
// other cases: a number, or "random" for new ones each time.
import fc from 'fast-check';

const { PROPERTY_SEED: asked = '1' } = process.env;
if (asked !== 'random') {
  const seed = Number(asked);
  if (!Number.isInteger(seed)) throw new Error(`PROPERTY_SEED is a whole number or "random", not "${asked}".`);
  fc.configureGlobal({ seed });
}
