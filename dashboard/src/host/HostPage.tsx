import type { DirectionFigures, EventsDocument, NodeEntry, PathsDocument } from '../api/documents.ts';
import type { Mark } from '../charts/Chart.tsx';
import { useDocument } from '../charts/useDocument.ts';
import { VitalsCharts } from '../charts/VitalsCharts.tsx';
import { nodeNow, seen } from '../live/mesh-store.ts';
import { useStore } from '../live/store.ts';
import { linkTo } from '../routes/router.ts';
import type { Route } from '../routes/route.ts';
import { useWindow } from '../time/useWindow.ts';
import { duration, microseconds, percent } from '../time/words.ts';
import { isIn } from '../verdicts/focus.ts';
import { VerdictList } from '../verdicts/VerdictList.tsx';
import { weightOf } from '../verdicts/words.ts';
import type { Verdict } from '../api/documents.ts';
import { EventList } from './EventList.tsx';
import { stateWords } from './words.ts';

/** A host: how it stands, its vitals and stalls, all its paths, and what happened to it. */
export function HostPage({ host, route }: { readonly host: string; readonly route: Route }) {
  const window = useWindow(route.time);
  const nodes = useStore(seen, (s) => s.nodes);
  const verdicts = useStore(seen, (s) => s.verdicts);
  const node = nodes?.nodes.find((n) => n.name === host) ?? null;
  const own = (verdicts?.verdicts ?? []).filter((v) => concerns(v, host, nodes?.nodes ?? []));
  const marks: Mark[] = own.filter((v) => v.where.kind === 'host').map((v) => ({ start: Date.parse(v.since), end: v.until === null ? window.end : Date.parse(v.until), isWrong: weightOf(v) === 'wrong' }));
  const key = `${host} ${window.isLive ? 'live' : `${window.start} ${window.end}`}`;
  const events = useDocument<EventsDocument>('events', () => ({ node: host, ...window.query(), limit: 100 }), key, window.isLive ? 5_000 : null);
  if (nodes && !node) {
    return (
      <section class="page">
        <h1>{host}</h1>
        <p>This node knows no host of that name. It may have left the mesh.</p>
        <p>
          <a href={linkTo({ page: 'hosts' })}>All hosts</a>
        </p>
      </section>
    );
  }
  return (
    <article class="page">
      <p class="crumbs">
        <a href={linkTo({ page: 'hosts' })}>Hosts</a> › {node?.datacenter ?? 'host'}
      </p>
      <h1>
        {host} {node?.label && <span class="quiet">{node.label}</span>}
      </h1>
      {node && <p class={`lead ${node.state}`}>{stateWords(node)}.</p>}
      {own.length > 0 && (
        <section aria-label="Verdicts about it">
          <VerdictList verdicts={own} now={nodeNow()} />
        </section>
      )}
      <div class="columns wide-first">
        <VitalsCharts node={host} {...window} marks={marks} at={route.time.at} />
        <div>
          <Paths host={host} isLive={window.isLive} />
          <section class="view" aria-label="Events">
            <h3>Events</h3>
            {events.error ? <p class="warning">{events.error}.</p> : <EventList events={events.value?.events ?? []} now={window.end} />}
          </section>
        </div>
      </div>
    </article>
  );
}

function concerns(verdict: Verdict, host: string, nodes: readonly NodeEntry[]): boolean {
  const { where } = verdict;
  return (
    where.host === host ||
    (where.hosts?.includes(host) ?? false) ||
    ((where.kind === 'path' || where.kind === 'flows') && (where.from === host || where.to === host)) ||
    (where.kind === 'datacenter' && isIn(nodes, host, where.datacenter))
  );
}

/** All its paths now, the worst first. */
function Paths({ host, isLive }: { readonly host: string; readonly isLive: boolean }) {
  const loaded = useDocument<PathsDocument>(isLive ? 'paths' : null, () => ({ node: host }), host, 2_000);
  const rows = [...(loaded.value?.paths ?? [])].sort((a, b) => worstLoss(b) - worstLoss(a));
  return (
    <section class="view" aria-label="Its paths">
      <h3>Its paths {isLive ? 'now' : ''}</h3>
      {!isLive && <p class="quiet">Shown of the present only; for the past open a pair from the matrix.</p>}
      {loaded.error && <p class="warning">{loaded.error}.</p>}
      {rows.length > 0 && (
        <div class="wide">
          <table>
            <thead>
              <tr>
                <th scope="col">to</th>
                <th scope="col">lost there</th>
                <th scope="col">lost back</th>
                <th scope="col">99 % there</th>
                <th scope="col">99 % back</th>
                <th scope="col">usually</th>
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, 300).map((p) => (
                <tr key={p.to}>
                  <th scope="row">
                    <a href={linkTo({ page: 'pair', from: host, to: p.to })}>{p.to}</a>
                    {p.connected === false && <span class="bad"> cut</span>}
                    {p.connected !== false && p.silence_ms != null && p.silence_ms > 1_000 && <span class="bad"> silent for {duration(p.silence_ms)}</span>}
                  </th>
                  <Loss figures={p.forward} />
                  <Loss figures={p.backward} />
                  <td>{microseconds(p.forward?.p99_us)}</td>
                  <td>{microseconds(p.backward?.p99_us)}</td>
                  <td>{microseconds(p.forward?.baseline_us)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Loss({ figures }: { readonly figures: DirectionFigures | null | undefined }) {
  const loss = figures?.loss;
  return <td class={loss != null && loss > 0 ? 'bad' : ''}>{percent(loss)}</td>;
}

function worstLoss(path: { forward?: DirectionFigures | null; backward?: DirectionFigures | null; connected?: boolean | null }): number {
  return path.connected === false ? 2 : Math.max(path.forward?.loss ?? 0, path.backward?.loss ?? 0);
}
