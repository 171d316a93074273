// How much is enough: `npm test` runs a representative of what takes long, `npm run test:slow` all of it.

/** `all` in a slow run, `some` otherwise. */
export const atLength = <T>(all: T, some: T): T => (process.env.STUDIO_SLOW === '1' ? all : some);
