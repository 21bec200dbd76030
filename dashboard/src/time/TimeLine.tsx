import { useEffect, useRef, useState } from 'preact/hooks';
import type { VerdictsDocument } from '../api/documents.ts';
import { useDocument } from '../charts/useDocument.ts';
import { nodeNow, seen } from '../live/mesh-store.ts';
import { useStore } from '../live/store.ts';
import { palettes } from '../matrix/colours.ts';
import { go, goLive } from '../routes/router.ts';
import type { Route } from '../routes/route.ts';
import { useTheme } from '../shell/theme.ts';
import { weightOf } from '../verdicts/words.ts';
import { rangeFor, ranges, ticks, windowOf, writeMoment } from './span.ts';
import { clock, count, duration } from './words.ts';

const height = 40;

/** The time line: when something was wrong, which time is shown, and a brush to choose another one. */
export function TimeLine({ route }: { readonly route: Route }) {
  const theme = useTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [wanted, setWanted] = useState(ranges[0]!.ms);
  const [now, setNow] = useState(nodeNow);
  const [width, setWidth] = useState(0);
  const [brush, setBrush] = useState<{ from: number; to: number } | null>(null);
  const history = useStore(seen, (s) => s.nodes?.history ?? null);
  const recent = useStore(seen, (s) => s.verdicts?.verdicts ?? null);
  const { time } = route;
  const range = rangeFor(time.at, now, wanted);
  // The live document has the last hour; what is older is asked for, once in a while.
  const old = useDocument<VerdictsDocument>(range > ranges[0]!.ms && history ? 'verdicts' : null, () => ({ start: writeMoment(Math.round(nodeNow() - range)), end: writeMoment(Math.round(nodeNow())) }), String(range), 60_000);
  const known = new Map([...(old.value?.verdicts ?? []), ...(recent ?? [])].map((v) => [v.id, v]));
  const start = now - range;
  const shown = windowOf(time, now);

  useEffect(() => {
    const timer = setInterval(() => setNow(nodeNow()), 1_000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    const element = canvas.current?.parentElement;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context || width === 0) return;
    const scale = devicePixelRatio || 1;
    element.width = Math.round(width * scale);
    element.height = Math.round(height * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const palette = palettes[theme];
    const x = (t: number) => ((t - start) / range) * width;
    context.fillStyle = palette.line;
    context.fillRect(0, height - 15, width, 1);
    context.font = '11px system-ui, "DejaVu Sans", sans-serif';
    context.fillStyle = palette.faint;
    context.textBaseline = 'bottom';
    for (const tick of ticks(start, now, Math.max(2, Math.floor(width / 90)))) {
      context.fillRect(Math.round(x(tick)), height - 15, 1, 4);
      context.fillText(tickWords(tick, range), x(tick) + 4, height);
    }
    const chosen = brush ? { start: Math.min(brush.from, brush.to), end: Math.max(brush.from, brush.to) } : shown;
    context.globalAlpha = 0.18;
    context.fillStyle = palette.accent;
    context.fillRect(x(chosen.start), 0, Math.max(2, x(chosen.end) - x(chosen.start)), height - 15);
    context.globalAlpha = 1;
    for (const v of known.values()) {
      const isWrong = weightOf(v) === 'wrong';
      const from = x(Date.parse(v.since));
      const to = x(v.until === null ? now : Date.parse(v.until));
      context.fillStyle = isWrong ? palette.alarm : palette.faint;
      context.fillRect(from, isWrong ? 4 : 14, Math.max(2, to - from), isWrong ? 8 : 5);
    }
    context.fillStyle = palette.accent;
    if (time.at !== null) context.fillRect(Math.round(x(time.at)) - 1, 0, 2, height - 13);
  });

  const momentAt = (event: PointerEvent) => {
    const box = canvas.current!.getBoundingClientRect();
    return start + (Math.min(box.width, Math.max(0, event.clientX - box.left)) / box.width) * range;
  };
  const lookAt = (at: number, span = time.span, replace = true) => (at >= now - 1_500 ? goLive() : go({ time: { at: Math.round(Math.max(start, at) / 1_000) * 1_000, span } }, replace));
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = time.at ?? now;
    const step = (range / 60) * (event.shiftKey ? 10 : 1);
    const acts: Record<string, () => void> = {
      ArrowLeft: () => lookAt(at - step),
      ArrowRight: () => lookAt(at + step),
      ArrowDown: () => lookAt(at - step),
      ArrowUp: () => lookAt(at + step),
      PageDown: () => lookAt(at - range / 6),
      PageUp: () => lookAt(at + range / 6),
      Home: () => lookAt(start),
      End: goLive,
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  const wrong = [...known.values()].filter((v) => weightOf(v) === 'wrong' && Date.parse(v.since) > start - range).length;

  return (
    <section class={`time ${time.at === null ? '' : 'is-past'}`} aria-label="Time">
      <select aria-label="Range of the time line" value={range} onChange={(e) => setWanted(Number(e.currentTarget.value))}>
        {ranges.map((r) => (
          <option key={r.ms} value={r.ms}>
            {r.name}
          </option>
        ))}
      </select>
      <div class="time-line">
        <canvas
          ref={canvas}
          style={{ height: `${height}px`, width: '100%' }}
          tabIndex={0}
          role="slider"
          aria-label={`Moment that is shown. ${count(wrong, 'thing')} went wrong in the range.`}
          aria-valuemin={0}
          aria-valuemax={Math.round(range / 1_000)}
          aria-valuenow={Math.round(Math.min(range, Math.max(0, (time.at ?? now) - start)) / 1_000)}
          aria-valuetext={time.at === null ? 'now, live' : `${clock(time.at, now)}, ${duration(now - time.at)} ago`}
          onKeyDown={onKey}
          onPointerDown={(e) => {
            e.currentTarget.setPointerCapture(e.pointerId);
            setBrush({ from: momentAt(e), to: momentAt(e) });
          }}
          onPointerMove={(e) => brush && setBrush({ ...brush, to: momentAt(e) })}
          onPointerCancel={() => setBrush(null)}
          onPointerUp={(e) => {
            if (!brush) return;
            const to = momentAt(e);
            const length = Math.abs(to - brush.from);
            setBrush(null);
            // A click is a moment, a drag is a span with the moment in its middle.
            if (length < range / 100) lookAt(to, time.span, false);
            else go({ time: { at: Math.round((to + brush.from) / 2_000) * 1_000, span: Math.max(10_000, Math.round(length / 1_000) * 1_000) } });
          }}
        />
      </div>
      <span class="time-shown" role="status">
        {time.at === null ? 'now' : clock(time.at, now)}
        <span class="quiet"> {time.at === null ? '' : `${duration(now - time.at)} ago`}</span>
      </span>
      <button type="button" class="live" aria-pressed={time.at === null} onClick={goLive} title="back to the present (l)">
        Live
      </button>
      {history === false && time.at !== null && <p class="warning">This node keeps no history: of the past it has its last minutes only.</p>}
    </section>
  );
}

function tickWords(tick: number, range: number): string {
  const date = new Date(tick);
  if (range > 2 * 86_400_000) return `${date.getDate()}.${date.getMonth() + 1}.`;
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
}
