import { useEffect, useState } from 'preact/hooks';
import { nodeNow } from '../live/mesh-store.ts';
import { stepFor, windowOf, writeMoment, type TimeChoice } from './span.ts';

export interface Window {
  readonly start: number;
  readonly end: number;
  readonly stepMs: number;
  readonly isLive: boolean;
  /** The same for a question to the API, which for "now" is another at each time. */
  readonly query: () => Record<string, string>;
}

/** The time that is shown; of the present it moves on. */
export function useWindow(time: TimeChoice): Window {
  const [now, setNow] = useState(nodeNow);
  const isLive = time.at === null;
  useEffect(() => {
    if (!isLive) return;
    setNow(nodeNow());
    const timer = setInterval(() => setNow(nodeNow()), 1_000);
    return () => clearInterval(timer);
  }, [isLive]);
  // Of the past not a new window with each drawing, though its end may be cut off at the present.
  const { start, end } = windowOf(time, isLive ? now : Math.floor(nodeNow() / 10_000) * 10_000);
  return {
    start,
    end,
    stepMs: stepFor(time.span),
    isLive,
    query: () => {
      const asked = isLive ? windowOf(time, nodeNow()) : { start, end };
      return { start: writeMoment(Math.round(asked.start)), end: writeMoment(Math.round(asked.end)) };
    },
  };
}
