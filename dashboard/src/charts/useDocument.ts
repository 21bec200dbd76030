import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, ask } from '../api/client.ts';
import { useStore } from '../live/store.ts';
import { link } from '../live/mesh-store.ts';

export interface Loaded<T> {
  readonly value: T | null;
  readonly error: string | null;
  /** Whether the value is of another question, kept on the screen until the answer is there. */
  readonly isOld: boolean;
}

const soonest = 4_000;
const latest = 60_000;

/**
 * Asks for a document, and again every so often where `every` is not null. The last answer stays until there is a better one. One of the past does not
 * change, but may lack what a busy node did not tell in time: where `isWhole` says so it is asked for again, less and less often.
 */
export function useDocument<T>(path: string | null, query: () => Record<string, string | number | null | undefined>, key: string, every: number | null, isWhole?: (value: T) => boolean): Loaded<T> {
  const [state, setState] = useState<{ value: T | null; error: string | null; key: string; path: string | null }>({ value: null, error: null, key: '', path: null });
  const isLocked = useStore(link, (l) => l.phase === 'locked');
  const queryNow = useRef(query);
  queryNow.current = query;
  useEffect(() => {
    if (path === null || isLocked) return;
    const abort = new AbortController();
    let timer = 0;
    let wait = soonest;
    const look = async () => {
      let again = every;
      try {
        if (document.visibilityState === 'visible') {
          const value = await ask<T>(path, queryNow.current(), abort.signal);
          if (abort.signal.aborted) return;
          setState({ value, error: null, key, path });
          if (again === null && isWhole && !isWhole(value)) again = wait;
        }
      } catch (e) {
        if (abort.signal.aborted) return;
        if (e instanceof ApiError && e.status === 401) link.set({ phase: 'locked', error: e.message });
        setState((s) => ({ ...s, error: e instanceof Error ? e.message : String(e), key, value: s.key === key ? s.value : null }));
      }
      wait = Math.min(latest, wait * 2);
      if (again !== null && !abort.signal.aborted) timer = window.setTimeout(() => void look(), again);
    };
    void look();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [path, key, every, isLocked]);
  return { value: state.value, error: state.error, isOld: state.key !== key };
}
