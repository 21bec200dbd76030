import { CellState, delayOf, lossOf, ratioOf, type Figure } from '../api/codes.ts';
import type { DirectionFigures } from '../api/documents.ts';
import { count, digits, duration, list, microseconds, percent, times } from '../time/words.ts';
import type { Line } from './axis.ts';
import { Look, type Mesh } from './mesh.ts';
import type { Sum } from './sums.ts';

/** What a figure is called, and what one of its numbers is called. */
export const figureNames: Record<Figure, { name: string; title: string }> = {
  loss: { name: 'Loss', title: 'share of packets lost' },
  p99: { name: 'Slowest 1 %', title: 'delay that 99 of 100 packets do not exceed' },
  ratio: { name: 'Against usual', title: 'median delay against what is usual for the same pair' },
  p50: { name: 'Median delay', title: 'delay of the median packet' },
};

/** A direction's cell in words. */
export function cellWords(mesh: Mesh, from: number, to: number): string {
  const a = mesh.names[from] ?? '?';
  const b = mesh.names[to] ?? '?';
  if (from === to) return `${a}, and itself: no way between them.`;
  const row = mesh.rows[from];
  if (!row) {
    const why = mesh.missing.find((m) => m.node === a)?.why;
    return `${a} → ${b}: no data, ${a} does not tell what it sees${why ? ` (${why})` : ''}.`;
  }
  const state = row.state[to];
  const parts: string[] = [];
  if (state === CellState.maintenance) parts.push('in maintenance');
  if (state === CellState.cut) parts.push('nothing gets through');
  const loss = lossOf(row.loss[to] ?? 255);
  const p50 = delayOf(row.p50[to] ?? 255);
  const p99 = delayOf(row.p99[to] ?? 255);
  const ratio = ratioOf(row.ratio[to] ?? 255);
  if (loss !== null && state !== CellState.cut) parts.push(loss === 0 ? 'nothing lost' : `${percent(loss)} of the packets lost`);
  if (p50 !== null) parts.push(`half of them within ${microseconds(p50)}`);
  if (p99 !== null) parts.push(`99 % within ${microseconds(p99)}`);
  if (ratio !== null) parts.push(`the median ${times(ratio)}`);
  if (parts.length === 0) {
    const why = mesh.missing.find((m) => m.node === a)?.why;
    parts.push(why ? `no data, as there is no word of ${a} (${why})` : 'no data');
  }
  if (p50 !== null && row.kind === 'round_trip') parts.push('there and back');
  if (state === CellState.verdict) parts.push('a verdict names it');
  const age = mesh.ages[from];
  if (age !== null && age !== undefined && age > 4_000) parts.push(`as of ${duration(age)} ago`);
  return `${a} → ${b}: ${parts.join(', ')}.`;
}

/** Exact figures of a direction, as its sender has counted them. */
export function exactWords(figures: DirectionFigures | null | undefined): string | null {
  if (!figures) return null;
  const parts: string[] = [];
  if (figures.sent !== null && figures.sent !== undefined) parts.push(`${digits(figures.lost ?? 0)} of ${digits(figures.sent)} packets lost`);
  if (figures.p50_us != null) parts.push(`median ${microseconds(figures.p50_us)}`);
  if (figures.p90_us != null) parts.push(`90 % ${microseconds(figures.p90_us)}`);
  if (figures.p99_us != null) parts.push(`99 % ${microseconds(figures.p99_us)}`);
  if (figures.max_us != null) parts.push(`longest ${microseconds(figures.max_us)}`);
  if (figures.baseline_us != null) parts.push(`usually ${microseconds(figures.baseline_us)}`);
  return parts.length > 0 ? parts.join(', ') : null;
}

/** Many directions in words. */
export function sumWords(mesh: Mesh, title: string, sum: Sum, figure: Figure): string {
  if (sum.all === 0) return `${title}: no ways between them.`;
  const parts: string[] = [];
  if (sum.cut > 0) parts.push(`nothing gets through on ${sum.cut}`);
  if (sum.known > 0) parts.push(badWords(sum, figure));
  const none = sum.all - sum.known - sum.cut - sum.maintenance;
  if (none > 0) parts.push(`no data of ${none === sum.all ? 'any' : none}`);
  if (sum.maintenance > 0) parts.push(`${sum.maintenance} in maintenance`);
  if (sum.verdicts > 0) parts.push(`${sum.verdicts} named by a verdict`);
  if (sum.worst > 0 && (sum.bad > 0 || sum.cut > 0)) parts.push(`the worst is ${mesh.names[sum.worstFrom] ?? '?'} → ${mesh.names[sum.worstTo] ?? '?'}, ${lookWords(sum.worst, figure)}`);
  return `${title}: of ${count(sum.all, 'way')} ${parts.join(', ')}.`;
}

function badWords(sum: Sum, figure: Figure): string {
  switch (figure) {
    case 'loss':
      return sum.bad === 0 ? `${sum.known} lose nothing` : `${sum.bad} lose packets`;
    case 'ratio':
      return sum.bad === 0 ? `none takes 3 × the usual` : `${sum.bad} take 3 × the usual or more`;
    default:
      return sum.bad === 0 ? `none takes 10 ms` : `${sum.bad} take 10 ms or more`;
  }
}

/** A look in words. */
export function lookWords(look: number, figure: Figure): string {
  if (look === Look.cut) return 'nothing gets through';
  if (look === Look.maintenance) return 'in maintenance';
  if (look > 250) return 'no data';
  return figure === 'loss' ? `${percent(lossOf(look))} lost` : figure === 'ratio' ? times(ratioOf(look)) : microseconds(delayOf(look));
}

export function lineTitle(line: Line): string {
  return line.node >= 0 ? line.label : `${line.label} (${count(line.members.length, 'node')})`;
}

/** Of whom data are missing or old, in one sentence; null where all is there. */
export function missingWords(mesh: Mesh): string | null {
  const whys = new Map(mesh.missing.map((m) => [m.node, m.why]));
  const silent = mesh.names.filter((name, i) => mesh.rows[i] === null || whys.has(name));
  const old = mesh.names.filter((name, i) => mesh.rows[i] !== null && !whys.has(name) && (mesh.ages[i] ?? 0) > 5_000);
  const parts: string[] = [];
  if (silent.length > 0) {
    const said = new Set(silent.map((name) => whys.get(name)));
    const why = said.size === 1 ? [...said][0] : undefined;
    parts.push(`no word of ${list(silent)}${why ? ` (${why})` : ''}`);
  }
  if (old.length > 0) parts.push(`old data of ${list(old)}`);
  return parts.length > 0 ? parts.join('; ') : null;
}
