import { useEffect, useState } from 'preact/hooks';

/** A value that many look at. */
export class Store<T extends object> {
  private readonly watchers = new Set<() => void>();

  constructor(private value: T) {}

  get(): T {
    return this.value;
  }

  set(change: Partial<T>): void {
    this.value = { ...this.value, ...change };
    for (const watcher of [...this.watchers]) watcher();
  }

  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }
}

/** What a component sees of a store; drawn again where that changed. */
export function useStore<T extends object, S>(store: Store<T>, select: (value: T) => S): S {
  const [seen, setSeen] = useState(() => select(store.get()));
  useEffect(() => {
    const look = () => setSeen(() => select(store.get()));
    look();
    return store.watch(look);
    // The selectors of this program depend on nothing but the store.
  }, [store]);
  return seen;
}
