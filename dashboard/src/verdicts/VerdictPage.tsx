import { useState } from 'preact/hooks';
import type { PathDocument, Verdict } from '../api/documents.ts';
import { isTold } from '../charts/figures.ts';
import { PathCharts } from '../charts/PathCharts.tsx';
import { useDocument } from '../charts/useDocument.ts';
import { VitalsCharts } from '../charts/VitalsCharts.tsx';
import type { Mark } from '../charts/Chart.tsx';
import { nodeNow, seen } from '../live/mesh-store.ts';
import { useStore } from '../live/store.ts';
import { linkTo } from '../routes/router.ts';
import type { Route } from '../routes/route.ts';
import { around, defaultSpan, windowOf, writeMoment } from '../time/span.ts';
import { useWindow } from '../time/useWindow.ts';
import type { VerdictsDocument } from '../api/documents.ts';
import { count } from '../time/words.ts';
import { focusOf } from './focus.ts';
import { evidenceWords, sentence, weightOf, whenWords } from './words.ts';

/** A verdict with its evidence: its numbers, what both ends saw, and the vitals of the hosts beneath, all on one axis of time. */
export function VerdictPage({ id, route }: { readonly id: string; readonly route: Route }) {
  const live = useStore(seen, (s) => s.verdicts?.verdicts.find((v) => v.id === id) ?? null);
  const isLoaded = useStore(seen, (s) => s.verdicts !== null);
  // One that ended long ago is in the history only. Without a time in the address the last day is searched.
  const wanted = route.time.at === null ? { start: nodeNow() - 86_400_000, end: nodeNow() } : windowOf({ at: route.time.at, span: Math.max(route.time.span, 7_200_000) }, nodeNow());
  const old = useDocument<VerdictsDocument>(live === null && isLoaded ? 'verdicts' : null, () => ({ start: writeMoment(Math.round(wanted.start)), end: writeMoment(Math.round(wanted.end)) }), `${id} ${route.time.at}`, null);
  const verdict = live ?? old.value?.verdicts.find((v) => v.id === id) ?? null;
  if (verdict === null) {
    return (
      <section class="page">
        <h1>Verdict {id}</h1>
        <p>{!isLoaded || (!old.value && !old.error) ? 'asking…' : 'This node knows no such verdict any more. Verdicts are kept for an hour, and in the history as long as that goes back.'}</p>
        <p>
          <a href={linkTo({ page: 'overview' })}>What is wrong now</a>
        </p>
      </section>
    );
  }
  return <Evidence key={verdict.id} verdict={verdict} route={route} />;
}

function Evidence({ verdict, route }: { readonly verdict: Verdict; readonly route: Route }) {
  const nodes = useStore(seen, (s) => s.nodes);
  const since = Date.parse(verdict.since);
  const until = verdict.until === null ? null : Date.parse(verdict.until);
  // Unless the address has a time, the one that shows the incident from before its beginning.
  const [first] = useState(() => around(since, until, nodeNow()));
  const time = route.time.at === null && route.time.span === defaultSpan ? first : route.time;
  const window = useWindow(time);
  const focus = focusOf(verdict, nodes?.nodes ?? [], nodes?.self ?? null);
  const marks: Mark[] = [{ start: since, end: until ?? window.end, isWrong: weightOf(verdict) === 'wrong' }];
  const key = focus.pair ? `${focus.pair.join(' ')} ${window.isLive ? 'live' : `${window.start} ${window.end}`}` : '';
  const path = useDocument<PathDocument>(focus.pair ? 'path' : null, () => ({ from: focus.pair?.[0], to: focus.pair?.[1], ...window.query(), step_ms: window.stepMs }), key, window.isLive ? 2_000 : null, isTold);
  const now = nodeNow();
  return (
    <article class="page">
      <p class="crumbs">
        <a href={linkTo({ page: 'overview' })}>What is wrong</a> › {verdict.what}
      </p>
      <h1 class={`headline ${verdict.until === null ? weightOf(verdict) : 'past'}`}>{sentence(verdict)}</h1>
      <p class="lead">
        {verdict.until === null ? '' : 'Ended. '}
        {whenWords(verdict, now)}.
      </p>
      {verdict.suggestion && (
        <p class="todo">
          <b>What to do:</b> {verdict.suggestion}.
        </p>
      )}
      <div class="columns">
        <section class="evidence" aria-label="Numbers that say so">
          <h2>The numbers that say so</h2>
          {verdict.evidence.length === 0 ? (
            <p class="quiet">None were told.</p>
          ) : (
            <ul>
              {verdict.evidence.map((e, i) => (
                <li key={i}>
                  {evidenceWords(e)} <span class="quiet">says {e.node}</span>
                </li>
              ))}
            </ul>
          )}
          <p class="links">
            {focus.pair && <a href={linkTo({ page: 'pair', from: focus.pair[0], to: focus.pair[1] }, time)}>The pair in full</a>}
            {focus.hosts.map((h) => (
              <a key={h} href={linkTo({ page: 'host', host: h }, time)}>
                Host {h}
              </a>
            ))}
            <a href={linkTo({ page: 'matrix' }, { at: Math.round(until === null ? Math.min(now, since + 2_000) : (since + until) / 2), span: time.span })}>The matrix at that moment</a>
          </p>
        </section>
        <section class="both-ends" aria-label="Both ends">
          <h2>{focus.pair ? `Both ends: ${focus.pair[0]} and ${focus.pair[1]}` : 'No pair to show'}</h2>
          {focus.among > 1 && <p class="quiet">One of {count(focus.among, 'way')} that it concerns: the coloured part is the time of the verdict.</p>}
          {path.error && <p class="warning">{path.error}.</p>}
          {path.value?.views.map((view) => (
            <PathCharts key={view.observer} view={view} other={focus.pair!.find((n) => n !== view.observer) ?? '?'} stepMs={view.step_ms ?? path.value!.step_ms ?? window.stepMs} start={window.start} end={window.end} marks={marks} at={time.at} isBrief />
          ))}
          {!path.value && !path.error && focus.pair && <p class="quiet">asking…</p>}
          {focus.hosts.slice(0, 2).map((host) => (
            <VitalsCharts key={host} node={host} {...window} marks={marks} at={time.at} isBrief />
          ))}
        </section>
      </div>
    </article>
  );
}
