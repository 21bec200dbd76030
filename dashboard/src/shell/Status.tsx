import { useEffect, useState } from 'preact/hooks';
import { isOld } from '../live/backoff.ts';
import { feed } from '../live/feed.ts';
import { link, seen } from '../live/mesh-store.ts';
import { useStore } from '../live/store.ts';
import { duration } from '../time/words.ts';

// The nodes' document comes every two seconds whatever happens.
const beat = 2_000;

/** How fresh what is shown is; true once it is old. */
export function useAge(): { age: number | null; old: boolean } {
  const heardAt = useStore(link, (l) => l.heardAt);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const age = heardAt === null ? null : Math.max(0, now - heardAt);
  return { age, old: age !== null && isOld(age, beat) };
}

/** One mark in the head of the page: live, or since when not. */
export function Status() {
  const state = useStore(link, (l) => l);
  const { age, old } = useAge();
  const isLive = state.phase === 'live' && !old;
  return (
    <span class={`status ${isLive ? 'is-live' : 'is-lost'}`} title={state.error ?? 'news of the mesh come by a stream'}>
      <i aria-hidden="true" />
      {isLive ? 'live' : age === null ? 'connecting' : `${duration(age)} old`}
    </span>
  );
}

/** Says across the page that what it shows is old, of whom it came and when it is tried again. */
export function OldBanner() {
  const state = useStore(link, (l) => l);
  const node = useStore(seen, (s) => s.nodes?.node ?? null);
  const { age, old } = useAge();
  const isWaiting = state.phase === 'connecting' && state.error !== null;
  if (state.phase === 'locked' || (!old && !isWaiting)) return null;
  const seconds = state.retryAt === null ? null : Math.max(0, Math.ceil((state.retryAt - Date.now()) / 1_000));
  return (
    <div class="old-banner" role="alert">
      <span>
        {age === null ? `No data yet: ${state.error}.` : `The data are ${duration(age)} old: ${node ?? 'the node'} does not answer${state.error && state.error !== 'this node does not answer' ? ` (${state.error})` : ''}. It may restart; any other node tells the same.`}{' '}
        {seconds !== null && seconds > 0 ? `Trying again in ${seconds} s.` : 'Trying again…'}
      </span>
      <button type="button" onClick={() => feed.retryNow()}>
        Try now
      </button>
    </div>
  );
}
