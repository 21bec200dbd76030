import type { EventEntry } from '../api/documents.ts';
import { clock } from '../time/words.ts';

/** What happened, the newest first. */
export function EventList({ events, now }: { readonly events: readonly EventEntry[]; readonly now: number }) {
  if (events.length === 0) return <p class="quiet">None in this time.</p>;
  return (
    <ol class="events">
      {events.slice(0, 200).map((e, i) => (
        <li key={`${e.at} ${i}`}>
          <time dateTime={e.at}>{clock(Date.parse(e.at), now)}</time>
          <span class="quiet">{e.node}</span>
          <span>{e.text}</span>
        </li>
      ))}
    </ol>
  );
}
