// How components reach the studio.
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import { invariant } from '../../domain/errors.ts';
import type { Studio } from './studio.ts';

export const StudioContext = createContext<Studio | null>(null);

export function useStudio(): Studio {
  const studio = useContext(StudioContext);
  invariant(studio !== null, () => 'A studio component was rendered outside the StudioContext.');
  return studio;
}

type StateOf<Store> = Store extends StoreApi<infer State> ? State : never;
type ReadonlyStore<State = unknown> = Pick<StoreApi<State>, 'getState' | 'getInitialState' | 'subscribe'>;
type StoreName = Exclude<keyof Studio, 'client'>;

/** Subscribes to a part of one store. The selector's result must keep its identity while nothing changed. */
export function useStudioState<Name extends StoreName, Part>(
  name: Name,
  select: (state: StateOf<Studio[Name]>) => Part,
): Part {
  // TypeScript does not see that a store and its own state belong together when the name is generic.
  const store: ReadonlyStore = useStudio()[name];
  return useStore<ReadonlyStore<StateOf<Studio[Name]>>, Part>(store as ReadonlyStore<StateOf<Studio[Name]>>, select);
}
