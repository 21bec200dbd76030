import type { NodeEntry } from '../api/documents.ts';
import { seen } from '../live/mesh-store.ts';
import { useStore } from '../live/store.ts';
import { naturally } from '../matrix/axis.ts';
import { linkTo } from '../routes/router.ts';
import { digits, duration, microseconds, percent } from '../time/words.ts';
import { stateNames } from './words.ts';

/** All hosts, those with something wrong first. */
export function HostsPage() {
  const nodes = useStore(seen, (s) => s.nodes);
  if (!nodes) return <section class="page">asking…</section>;
  const rows = [...nodes.nodes].sort((a, b) => weight(b) - weight(a) || naturally(a.datacenter ?? '', b.datacenter ?? '') || naturally(a.name, b.name));
  const dash = (value: number | null | undefined, words: (v: number) => string) => (value === null || value === undefined ? <span class="quiet">–</span> : words(value));
  return (
    <section class="page" aria-label="Hosts">
      <h1>Hosts</h1>
      <p class="quiet">As {nodes.node} sees them now; – is not known.</p>
      <div class="wide">
        <table class="hosts">
          <thead>
            <tr>
              <th scope="col">host</th>
              <th scope="col">datacenter</th>
              <th scope="col">groups</th>
              <th scope="col">state</th>
              <th scope="col">heard</th>
              <th scope="col">CPU</th>
              <th scope="col">stalled, 10 s</th>
              <th scope="col">drops, 10 s</th>
              <th scope="col">clock off by</th>
              <th scope="col">verdicts</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((n) => (
              <tr key={n.name} class={n.state}>
                <th scope="row">
                  <a href={linkTo({ page: 'host', host: n.name })}>{n.name}</a>
                  {n.label && <span class="quiet"> {n.label}</span>}
                  {n.name === nodes.self && <span class="quiet"> (asked)</span>}
                </th>
                <td>{n.datacenter ?? <span class="quiet">–</span>}</td>
                <td>{n.groups?.join(', ') || <span class="quiet">–</span>}</td>
                <td class={n.state === 'silent' || n.state === 'unreachable' ? 'bad' : ''}>{n.is_maintenance ? 'in maintenance' : (stateNames[n.state] ?? n.state)}</td>
                <td>{dash(n.heard_ms, (v) => `${duration(v)} ago`)}</td>
                <td>{dash(n.cpu, (v) => percent(v))}</td>
                <td>{dash(n.stalled_ms_10s, (v) => microseconds(v * 1_000))}</td>
                <td>{dash(n.receive_drops_10s, digits)}</td>
                <td>{dash(n.clock_offset_us, (v) => microseconds(v))}</td>
                <td>{(n.verdicts?.length ?? 0) > 0 ? <b class="bad">{n.verdicts!.length}</b> : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function weight(node: NodeEntry): number {
  return (node.verdicts?.length ?? 0) * 2 + (node.state === 'silent' || node.state === 'unreachable' ? 1 : 0);
}
