import type { Series, VitalsDocument } from '../api/documents.ts';
import { linkTo } from '../routes/router.ts';
import { clock, digits, duration, microseconds, percent } from '../time/words.ts';
import { Chart, type ChartLine, type Mark } from './Chart.tsx';
import { hasAny, withGaps } from './figures.ts';
import { useDocument } from './useDocument.ts';

interface Props {
  readonly node: string;
  readonly start: number;
  readonly end: number;
  readonly isLive: boolean;
  readonly stepMs: number;
  readonly marks: readonly Mark[];
  readonly at: number | null;
  readonly isBrief?: boolean;
  readonly query: () => Record<string, string | number | null | undefined>;
}

interface Group {
  readonly title: string;
  readonly words: (value: number | null) => string;
  readonly atLeast: number;
  readonly isBrief?: boolean;
  readonly lines: readonly (readonly [series: string, label: string])[];
}

const ms = (value: number | null) => (value === null ? 'not known' : microseconds(value * 1_000));
const number = (value: number | null) => (value === null ? 'not known' : digits(value));

// Together what explains each other; the stalls first, as they are what others notice.
const groups: readonly Group[] = [
  { title: 'Stalls of the agent', words: ms, atLeast: 20, isBrief: true, lines: [['stall_max_ms', 'longest stall'], ['frozen_ms', 'nothing ran'], ['run_queue_wait_ms', 'waited for a CPU'], ['throttled_ms', 'stopped by a quota'], ['gc_pause_ms', 'own runtime']] },
  { title: 'CPU', words: (v) => percent(v), atLeast: 1, isBrief: true, lines: [['cpu', 'all'], ['busiest_cpu', 'busiest'], ['steal', 'stolen']] },
  { title: 'Tasks that wait (pressure)', words: (v) => percent(v), atLeast: 0.2, lines: [['psi_cpu', 'for a CPU'], ['psi_io', 'for disks'], ['psi_memory', 'for memory']] },
  { title: 'Packets dropped by this host', words: number, atLeast: 5, isBrief: true, lines: [['udp_drops', 'sockets'], ['nic_drops', 'card'], ['softnet_drops', 'backlog'], ['retransmits', 'TCP sent again']] },
  { title: 'Wakes up late', words: (v) => microseconds(v), atLeast: 1_000, lines: [['wake_late_max_us', 'at most']] },
  { title: 'Major page faults', words: number, atLeast: 10, lines: [['major_faults', 'faults']] },
  { title: 'Clock against ours', words: (v) => microseconds(v), atLeast: 1_000, lines: [['clock_offset_us', 'offset']] },
];

const causes: Record<string, string> = { cpu: 'it waited for a CPU' };

/** What is known of a host itself, on the page's axis of time. */
export function VitalsCharts({ node, start, end, isLive, stepMs, marks, at, isBrief, query }: Props) {
  const loaded = useDocument<VitalsDocument>('vitals', () => ({ node, ...query(), step_ms: stepMs }), `${node} ${isLive ? 'live' : `${start} ${end}`} ${stepMs}`, isLive ? 2_000 : null);
  const vitals = loaded.value;
  return (
    <section class="view vitals" aria-label={`Vitals of ${node}`}>
      <h3>
        Vitals of <a href={linkTo({ page: 'host', host: node })}>{node}</a>
      </h3>
      {loaded.error && <p class="warning">No vitals of {node}: {loaded.error}.</p>}
      {!vitals && !loaded.error && <p class="quiet">asking…</p>}
      {vitals && <Groups vitals={vitals} start={start} end={end} stepMs={stepMs} marks={marks} at={at} isBrief={isBrief ?? false} />}
      {vitals && !isBrief && <Stalls vitals={vitals} end={end} />}
    </section>
  );
}

function Groups({ vitals, start, end, stepMs, marks, at, isBrief }: { vitals: VitalsDocument; start: number; end: number; stepMs: number; marks: readonly Mark[]; at: number | null; isBrief: boolean }) {
  const axis = withGaps(vitals.t, stepMs);
  const shown = groups
    .filter((g) => !isBrief || g.isBrief)
    .map((group) => ({
      group,
      lines: group.lines.flatMap(([series, label], tone): ChartLine[] => {
        const values = vitals[series] as Series | undefined;
        return hasAny(values) ? [{ label, values: axis.spread(values), tone }] : [];
      }),
    }));
  const missing = shown.filter((s) => s.lines.length === 0).map((s) => s.group.title.toLowerCase());
  return (
    <>
      {shown
        .filter((s) => s.lines.length > 0)
        .map(({ group, lines }) => (
          <Chart key={group.title} title={group.title} t={axis.t} lines={lines} words={group.words} atLeast={group.atLeast} start={start} end={end} marks={marks} at={at} height={112} />
        ))}
      {missing.length > 0 && <p class="quiet">Not known of this time: {missing.join(', ')}.</p>}
    </>
  );
}

function Stalls({ vitals, end }: { readonly vitals: VitalsDocument; readonly end: number }) {
  const stalls = [...(vitals.stalls ?? [])].reverse().slice(0, 50);
  return (
    <>
      <h3>Stalls</h3>
      {stalls.length === 0 ? (
        <p class="quiet">None in this time.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">when</th>
              <th scope="col">for</th>
              <th scope="col">why</th>
            </tr>
          </thead>
          <tbody>
            {stalls.map((s) => (
              <tr key={s.at + s.ms}>
                <td>{clock(Date.parse(s.at), end)}</td>
                <td>{duration(s.ms)}</td>
                <td>{causes[s.cause ?? ''] ?? s.cause ?? 'its vitals do not say'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
