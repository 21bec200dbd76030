import { useEffect, useRef, useState } from 'preact/hooks';
import { seen } from '../live/mesh-store.ts';
import { useStore } from '../live/store.ts';
import { sentence } from '../verdicts/words.ts';

/** Tells new verdicts, and the end of old ones, to who listens to the page instead of looking at it; and counts them in the tab's title. */
export function Announcer() {
  const verdicts = useStore(seen, (s) => s.verdicts?.verdicts ?? null);
  const open = useRef<Map<string, string> | null>(null);
  const [text, setText] = useState('');
  useEffect(() => {
    if (verdicts === null) return;
    const now = new Map(verdicts.filter((v) => v.until === null).map((v) => [v.id, sentence(v)]));
    document.title = now.size > 0 ? `(${now.size}) Meshpulse` : 'Meshpulse';
    const before = open.current;
    open.current = now;
    if (before === null) return;
    const news = [...now].filter(([id, words]) => before.get(id) !== words).map(([, words]) => words);
    const over = [...before].filter(([id]) => !now.has(id)).map(([, words]) => `Over: ${words}`);
    if (news.length + over.length > 0) setText([...news, ...over].slice(0, 5).join(' '));
  }, [verdicts]);
  return (
    <div class="visually-hidden" role="status" aria-live="assertive" id="news">
      {text}
    </div>
  );
}
