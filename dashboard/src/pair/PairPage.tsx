import type { FlowFigures, PathDocument, PathView } from '../api/documents.ts';
import type { Mark } from '../charts/Chart.tsx';
import { isTold, total } from '../charts/figures.ts';
import { Histogram } from '../charts/Histogram.tsx';
import { PathCharts } from '../charts/PathCharts.tsx';
import { useDocument } from '../charts/useDocument.ts';
import { VitalsCharts } from '../charts/VitalsCharts.tsx';
import { EventList } from '../host/EventList.tsx';
import { nodeNow } from '../live/mesh-store.ts';
import { linkTo } from '../routes/router.ts';
import type { Route } from '../routes/route.ts';
import { useWindow } from '../time/useWindow.ts';
import { clock, digits, percent } from '../time/words.ts';
import { VerdictList } from '../verdicts/VerdictList.tsx';
import { weightOf } from '../verdicts/words.ts';

/** Everything that is known of the ways between two hosts, from both ends. */
export function PairPage({ from, to, route }: { readonly from: string; readonly to: string; readonly route: Route }) {
  const window = useWindow(route.time);
  const key = `${from} ${to} ${window.isLive ? 'live' : `${window.start} ${window.end}`} ${window.stepMs}`;
  const loaded = useDocument<PathDocument>('path', () => ({ from, to, ...window.query(), step_ms: window.stepMs }), key, window.isLive ? 2_000 : null, isTold);
  const path = loaded.value;
  const marks: Mark[] = (path?.verdicts ?? []).map((v) => ({ start: Date.parse(v.since), end: v.until === null ? window.end : Date.parse(v.until), isWrong: weightOf(v) === 'wrong' }));
  const now = nodeNow();
  return (
    <article class={`page ${loaded.isOld ? 'loading' : ''}`}>
      <p class="crumbs">
        <a href={linkTo({ page: 'overview' })}>Overview</a> › pair
      </p>
      <h1>
        <a href={linkTo({ page: 'host', host: from })}>{from}</a> → <a href={linkTo({ page: 'host', host: to })}>{to}</a>{' '}
        <a class="turn" href={linkTo({ page: 'pair', from: to, to: from })} title="the other direction first">
          ⇄ turn
        </a>
      </h1>
      {loaded.error && <p class="warning">{loaded.error}.</p>}
      {!path && !loaded.error && <p class="quiet">asking both ends…</p>}
      {path && (
        <>
          <Sums path={path} />
          <div class="views">
            {path.views.map((view) => (
              <PathCharts key={view.observer} view={view} other={view.observer === from ? to : from} stepMs={view.step_ms ?? path.step_ms ?? window.stepMs} start={window.start} end={window.end} marks={marks} at={route.time.at} />
            ))}
          </div>
          <div class="views">
            {[from, to].map((host) => (
              <VitalsCharts key={host} node={host} {...window} marks={marks} at={route.time.at} isBrief />
            ))}
          </div>
          {(path.verdicts ?? []).length > 0 && (
            <section aria-label="Verdicts">
              <h2>Verdicts in this time</h2>
              <VerdictList verdicts={path.verdicts ?? []} now={now} />
            </section>
          )}
          <div class="views">
            {path.views.map((view) => (
              <section key={view.observer} class="view" aria-label={`Flows and delays seen by ${view.observer}`}>
                <h2>Flows from {view.observer}</h2>
                <Flows flows={view.flows ?? []} />
                <h2>How its delays are spread</h2>
                <Spread view={view} other={view.observer === from ? to : from} />
              </section>
            ))}
          </div>
          <section aria-label="Events">
            <h2>Events</h2>
            <EventList events={path.events ?? []} now={window.end} />
          </section>
          {(path.traces ?? []).length > 0 && (
            <section aria-label="Traces">
              <h2>Traces</h2>
              {path.traces!.map((t) => (
                <details class="trace" key={`${t.at} ${t.node} ${t.name}`}>
                  <summary>
                    <time dateTime={t.at}>{clock(Date.parse(t.at), now)}</time> · {t.node} · {t.name} · {t.cause}
                    {t.exit_code !== 0 && ' · failed'}
                  </summary>
                  {/* Long lines are scrolled to, also by keyboard. */}
                  <pre tabIndex={0} role="region" aria-label={`What ${t.name} printed on ${t.node}`}>
                    {t.text}
                  </pre>
                </details>
              ))}
            </section>
          )}
        </>
      )}
    </article>
  );
}

/** Losses over the whole time, by direction, as each end counted them. */
function Sums({ path }: { readonly path: PathDocument }) {
  return (
    <table class="sums">
      <caption class="visually-hidden">Packets over this time, by each end's count</caption>
      <thead>
        <tr>
          <th scope="col">counted by</th>
          <th scope="col">sent</th>
          <th scope="col">lost on the way there</th>
          <th scope="col">lost on the way back</th>
          <th scope="col">lost, either way</th>
          <th scope="col">not sent</th>
        </tr>
      </thead>
      <tbody>
        {path.views.map((v) => {
          const sent = total(v.sent);
          const cell = (lost: number | null) => (lost === null ? 'not known' : sent ? `${digits(lost)} (${percent(lost / sent)})` : digits(lost));
          return (
            <tr key={v.observer}>
              <th scope="row">{v.observer}</th>
              <td>{sent === null ? (v.missing ?? 'not known') : digits(sent)}</td>
              <td>{cell(total(v.lost_forward))}</td>
              <td>{cell(total(v.lost_backward))}</td>
              <td>{cell(total(v.lost_unknown))}</td>
              <td>{total(v.unsent) === null ? 'not known' : digits(total(v.unsent)!)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Flows({ flows }: { readonly flows: readonly FlowFigures[] }) {
  if (flows.length === 0) return <p class="quiet">No flows are known of this time.</p>;
  return (
    <div class="wide">
      <table class="flows">
        <thead>
          <tr>
            <th scope="col">source port</th>
            <th scope="col">sent</th>
            <th scope="col">lost there</th>
            <th scope="col">lost back</th>
            <th scope="col">either way</th>
            <th scope="col">share lost</th>
          </tr>
        </thead>
        <tbody>
          {flows.map((f) => {
            const known = [f.lost_forward, f.lost_backward, f.lost_unknown].filter((n): n is number => n !== null && n !== undefined);
            const lost = known.length > 0 && f.sent ? known.reduce((a, b) => a + b, 0) / f.sent : null;
            const word = (n: number | null | undefined) => (n === null || n === undefined ? '–' : digits(n));
            return (
              <tr key={f.port} class={lost !== null && lost > 0.5 ? 'dead' : ''}>
                <th scope="row">
                  {f.port}
                  {f.large ? ' (1,500 bytes)' : ''}
                </th>
                <td>{word(f.sent)}</td>
                <td>{word(f.lost_forward)}</td>
                <td>{word(f.lost_backward)}</td>
                <td>{word(f.lost_unknown)}</td>
                <td>
                  <span class="meter" aria-hidden="true"><i style={{ width: `${Math.round((lost ?? 0) * 100)}%` }} /></span> {percent(lost)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Spread({ view, other }: { readonly view: PathView; readonly other: string }) {
  const h = view.histograms;
  const sets = [
    { label: `${view.observer} → ${other}`, bars: h?.forward ?? [], tone: 0 },
    { label: `${other} → ${view.observer}`, bars: h?.backward ?? [], tone: 1 },
    { label: 'there and back', bars: h?.round_trip ?? [], tone: 2 },
  ].filter((s) => s.bars.length > 0);
  return <Histogram sets={sets} />;
}
