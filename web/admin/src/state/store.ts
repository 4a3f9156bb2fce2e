import { useLayoutEffect, useState } from 'preact/hooks';

/** One value that components subscribe to. */
export interface Store<T> {
  get(): T;
  set(next: T): void;
  /** Returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void;
}

export function createStore<T>(first: T): Store<T> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useStore<T>(store: Store<T>): T {
  const [value, setValue] = useState(() => store.get());
  useLayoutEffect(() => {
    const follow = (): void => setValue(() => store.get());
    // It may have changed between the first rendering and this.
    follow();
    return store.subscribe(follow);
  }, [store]);
  return value;
}
