import type { PathView } from '../api/documents.ts';
import { microseconds, percent } from '../time/words.ts';
import { Chart, type ChartLine, type Mark } from './Chart.tsx';
import { hasAny, share, withGaps } from './figures.ts';

interface Props {
  readonly view: PathView;
  readonly other: string;
  readonly stepMs: number;
  readonly start: number;
  readonly end: number;
  readonly marks: readonly Mark[];
  readonly at: number | null;
  readonly isBrief?: boolean;
}

const sources = { live: 'as it is kept in memory', history: 'from its history', peer: 'told by it' } as const;

/** What one end saw of a pair: losses and delays of each direction, on the page's axis of time. */
export function PathCharts({ view, other, stepMs, start, end, marks, at, isBrief }: Props) {
  const axis = withGaps(view.t, stepMs);
  const common = { t: axis.t, start, end, marks, at };
  const there = `${view.observer} → ${other}`;
  const back = `${other} → ${view.observer}`;
  if (view.t.length === 0) {
    return (
      <section class="view">
        <h3>Seen by {view.observer}</h3>
        <p class="warning">{view.missing ? `No data: ${view.missing}.` : 'No data of this time.'}</p>
      </section>
    );
  }
  const loss: ChartLine[] = [];
  const add = (to: ChartLine[], label: string, values: (number | null)[] | undefined, tone: number, isFaint = false) => {
    if (hasAny(values)) to.push({ label, values: axis.spread(values), tone, isFaint });
  };
  add(loss, there, share([view.lost_forward], view.sent), 0);
  add(loss, back, share([view.lost_backward], view.sent), 1);
  add(loss, 'either way', share([view.lost_unknown], view.sent), 5);
  const delay: ChartLine[] = [];
  if (view.forward || view.backward) {
    add(delay, `${there} 99 %`, view.forward?.p99_us, 0);
    add(delay, 'half', view.forward?.p50_us, 0, true);
    add(delay, `${back} 99 %`, view.backward?.p99_us, 1);
    add(delay, 'half ', view.backward?.p50_us, 1, true);
    if (!isBrief) {
      add(delay, 'longest →', view.forward?.max_us, 3, true);
      add(delay, 'longest ←', view.backward?.max_us, 4, true);
    }
  }
  const round: ChartLine[] = [];
  add(round, '99 %', view.round_trip?.p99_us, 2);
  add(round, '90 %', view.round_trip?.p90_us, 4, true);
  add(round, 'half', view.round_trip?.p50_us, 0, true);
  if (!isBrief) add(round, 'longest', view.round_trip?.max_us, 3, true);
  const beats: ChartLine[] = [];
  add(beats, '99 %', view.heartbeats?.receive_p99_us, 5);
  return (
    <section class="view" aria-label={`Seen by ${view.observer}`}>
      <h3>
        Seen by {view.observer} {view.source && <span class="quiet">{sources[view.source]}</span>}
      </h3>
      {view.missing && <p class="warning">Not all is there: {view.missing}.</p>}
      <Chart {...common} title="Packets lost" lines={loss} words={(v) => percent(v)} atLeast={0.02} />
      {delay.length > 0 && <Chart {...common} title="Delay each way" lines={delay} words={(v) => microseconds(v)} isLog atLeast={1_000} />}
      {(round.length > 0 && (delay.length === 0 || !isBrief)) && <Chart {...common} title="Delay there and back" lines={round} words={(v) => microseconds(v)} isLog atLeast={1_000} />}
      {beats.length > 0 && <Chart {...common} title={`Time between heartbeats from ${other}`} lines={beats} words={(v) => microseconds(v)} isLog atLeast={10_000} />}
    </section>
  );
}
