import type { Evidence, NodeEntry, Verdict, Where } from '../api/documents.ts';
import { clock, count, digits, duration, list, microseconds, percent } from '../time/words.ts';

/** How loudly a verdict is said: something is wrong, or something has happened that somebody may have intended. */
export type Weight = 'wrong' | 'note';

const notes = new Set(['host.left', 'host.restarted', 'host.maintenance', 'path.changed']);

export function weightOf(verdict: Verdict): Weight {
  return notes.has(verdict.what) ? 'note' : 'wrong';
}

/** What is said of a host, after its name. */
const ofHosts: Record<string, string> = {
  'host.cpu_contention': 'stalls: its CPUs have too much to do',
  'host.cpu_throttled': 'stalls: a CPU quota stops it',
  'host.cpu_steal': 'stalls: its hypervisor gives its time to others',
  'host.pinning': 'stalls: the CPUs that it may use are full, others are idle',
  'host.io_pressure': 'stalls: it waits for its disks',
  'host.memory_pressure': 'stalls: it is short of memory',
  'host.frozen': 'is frozen: nothing on it runs',
  'host.power_save': 'wakes up late: it saves power',
  'host.receive_drops': 'throws away packets that it received',
  'host.runtime_pause': "stalls: the agent's own runtime pauses",
  'host.stalled': 'stalls, and its vitals do not say why',
  'host.process_gone': 'runs no agent any more: it ended without a word',
  'host.gone': 'is gone: nothing of it answers',
  'host.restarted': 'started its agent anew',
  'host.left': 'left in order: its agent was stopped',
  'host.maintenance': 'is in maintenance',
  'clock.step': 'had its clock set: it jumped',
  'clock.drift': 'has a clock that runs away from the others',
  'clock.unsynchronised': 'has a clock that nobody keeps right',
  'node.uplink': 'has a bad link: all that goes to or from it suffers',
  'observer.sick': 'is itself in no state to judge others',
};

/** The same of what has ended. */
const endedOfHosts: Record<string, string> = {
  'host.cpu_contention': 'stalled: its CPUs had too much to do',
  'host.cpu_throttled': 'stalled: a CPU quota stopped it',
  'host.cpu_steal': 'stalled: its hypervisor gave its time to others',
  'host.pinning': 'stalled: the CPUs that it may use were full, others were idle',
  'host.io_pressure': 'stalled: it waited for its disks',
  'host.memory_pressure': 'stalled: it was short of memory',
  'host.frozen': 'was frozen: nothing on it ran',
  'host.power_save': 'woke up late: it saved power',
  'host.receive_drops': 'threw away packets that it received',
  'host.runtime_pause': "stalled: the agent's own runtime paused",
  'host.stalled': 'stalled, and its vitals did not say why',
  'host.process_gone': 'ran no agent: it had ended without a word',
  'host.gone': 'was gone: nothing of it answered',
  'host.left': 'had left in order: its agent was stopped',
  'host.maintenance': 'was in maintenance',
  'clock.drift': 'had a clock that ran away from the others',
  'clock.unsynchronised': 'had a clock that nobody kept right',
  'node.uplink': 'had a bad link: all that went to or from it suffered',
  'observer.sick': 'was itself in no state to judge others',
};

/** What is said of a way, before "from a to b", while it lasts and afterwards. */
const ofPaths: Record<string, readonly [string, string]> = {
  'path.loss': ['Packets are lost', 'Packets were lost'],
  'path.blackhole': ['Nothing gets through', 'Nothing got through'],
  'path.latency': ['Packets take longer than usual', 'Packets took longer than usual'],
  'path.jitter': ['Packets are delayed unevenly', 'Packets were delayed unevenly'],
  'path.congestion': ['A queue is full', 'A queue was full'],
  'path.mtu': ['Large packets do not pass', 'Large packets did not pass'],
  'path.reordering': ['Packets overtake each other', 'Packets overtook each other'],
  'path.duplication': ['Packets arrive twice', 'Packets arrived twice'],
  'path.corruption': ['Packets arrive damaged', 'Packets arrived damaged'],
  'path.changed': ['Packets take another way', 'Packets took another way'],
  'datacenter.path': ['All traffic suffers', 'All traffic suffered'],
};

/** One sentence that says what is wrong and where, for somebody who was asleep a minute ago. */
export function sentence(verdict: Verdict): string {
  const { what, where } = verdict;
  const ended = verdict.until !== null;
  if (what === 'path.flow_loss') {
    const flows = where.flows ?? [];
    const which = flows.length === 0 ? 'Some flows' : flows.length === 1 ? `One flow (source port ${flows[0]})` : `${flows.length} flows (source ports ${list(flows.map(String), 6)})`;
    return `${which} ${placeWords(where)} ${verb(ended, flows.length === 1, 'lose')} everything, the others nothing.`;
  }
  if (what === 'datacenter.down') return `Nothing in datacenter ${where.datacenter ?? '?'} ${ended ? 'answered' : 'answers'}.`;
  if (what === 'mesh.partitioned') {
    const parts = where.parts ?? [];
    const names = parts.map((p) => (p.length > 3 ? count(p.length, 'node') : list(p)));
    return `The mesh ${ended ? 'fell' : 'has fallen'} into ${parts.length || 'several'} parts that ${ended ? 'did' : 'do'} not hear each other${names.length ? `: ${names.join(' | ')}` : ''}.`;
  }
  const path = ofPaths[what];
  if (path) return `${path[ended ? 1 : 0]} ${placeWords(where)}.`;
  const host = where.host ?? (where.hosts ? list(where.hosts) : null);
  const words = (ended ? endedOfHosts[what] : undefined) ?? ofHosts[what];
  if (host && words) return `${host} ${words}.`;
  // A kind of a newer agent: its name, and where.
  return `${what.replaceAll('_', ' ').replace('.', ': ')} ${placeWords(where)}.`;
}

function verb(ended: boolean, one: boolean, word: 'lose'): string {
  if (ended) return 'lost';
  return one ? `${word}s` : word;
}

/** Where, in words that fit behind what. */
export function placeWords(where: Where): string {
  switch (where.kind) {
    case 'path':
    case 'flows':
      return `from ${where.from ?? '?'} to ${where.to ?? '?'}`;
    case 'datacenter_path':
      return `from datacenter ${where.from ?? '?'} to ${where.to ?? '?'}`;
    case 'pair':
      return `between ${list(where.hosts ?? [])}`;
    case 'datacenters':
      return `between datacenters ${list(where.datacenters ?? [])}`;
    case 'datacenter':
      return `in datacenter ${where.datacenter ?? '?'}`;
    case 'host':
      return `at ${where.host ?? '?'}`;
    case 'mesh':
      return 'in the mesh';
    default:
      return `at a place of kind ${where.kind}`;
  }
}

/** "since 14:52:21, for 3 min; 95 % sure". */
export function whenWords(verdict: Verdict, now: number): string {
  const since = Date.parse(verdict.since);
  const sure = `${Math.round(verdict.confidence * 100)} % sure`;
  const again = verdict.recurrences ? `; came back ${count(verdict.recurrences, 'time')}` : '';
  if (verdict.until === null) return `since ${clock(since, now)}, for ${duration(now - since)}; ${sure}${again}`;
  const until = Date.parse(verdict.until);
  return `${clock(since, now)} to ${clock(until, now)}, ${duration(until - since)}; ${sure}${again}`;
}

/** A number that speaks for a verdict. */
export function evidenceWords(evidence: Evidence): string {
  const usual = evidence.baseline === null ? '' : ` (usually ${quantity(evidence.baseline, evidence.unit)})`;
  return `${evidence.figure}: ${quantity(evidence.value, evidence.unit)}${usual}`;
}

function quantity(value: number, unit: string): string {
  switch (unit) {
    case 'us':
    case 'µs':
      return microseconds(value);
    case 'ms':
      return microseconds(value * 1_000);
    case 'ns':
      return microseconds(value / 1_000);
    case 's':
      return value < 1 ? microseconds(value * 1_000_000) : duration(value * 1_000);
    case 'ratio':
      return percent(value);
    case '%':
      return percent(value / 100);
    default:
      return unit === '' ? digits(value) : `${digits(value)} ${unit}`;
  }
}

export interface Answer {
  readonly level: 'well' | 'note' | 'wrong' | 'unknown';
  readonly text: string;
  readonly more: string;
}

/** The one line that answers "what is wrong?", and the one beneath it. */
export function answer(verdicts: readonly Verdict[] | null, nodes: readonly NodeEntry[] | null): Answer {
  if (verdicts === null || nodes === null) return { level: 'unknown', text: 'Nothing is known yet', more: 'asking this node for what it sees' };
  const open = verdicts.filter((v) => v.until === null);
  const wrong = open.filter((v) => weightOf(v) === 'wrong');
  const more = nodesWords(nodes);
  if (wrong.length > 0) return { level: 'wrong', text: wrong.length === 1 ? 'One thing is wrong' : `${wrong.length} things are wrong`, more };
  const up = nodes.filter((n) => n.state === 'up').length;
  if (nodes.length > 0 && up === 0) return { level: 'unknown', text: 'Nobody answers', more };
  if (open.length > 0) return { level: 'note', text: 'Nothing is wrong', more: `${more}; ${count(open.length, 'thing')} to know` };
  return { level: 'well', text: 'All is well', more };
}

function nodesWords(nodes: readonly NodeEntry[]): string {
  const up = nodes.filter((n) => n.state === 'up').length;
  const maintenance = nodes.filter((n) => n.is_maintenance).length;
  const silent = nodes.length - up;
  const parts = [silent === 0 ? `all ${count(nodes.length, 'node')} ${nodes.length === 1 ? 'answers' : 'answer'}` : `${up} of ${count(nodes.length, 'node')} answer`];
  if (maintenance > 0) parts.push(`${maintenance} in maintenance`);
  return parts.join(', ');
}

/** Where nothing works any more, against what works badly. */
const stopped = new Set(['host.frozen', 'host.gone', 'host.process_gone', 'path.blackhole', 'datacenter.down', 'mesh.partitioned']);

/** The order to read them in: what lasts before what ended, what is wrong before what is only said, what stopped before what limps, wide before narrow, sure before unsure. */
export function inOrder(verdicts: readonly Verdict[]): Verdict[] {
  const width = (v: Verdict) => ['mesh', 'datacenter', 'datacenters', 'datacenter_path', 'host', 'pair', 'path', 'flows'].indexOf(v.where.kind);
  return [...verdicts].sort(
    (a, b) =>
      Number(a.until !== null) - Number(b.until !== null) ||
      (a.until !== null && b.until !== null ? Date.parse(b.until) - Date.parse(a.until) : 0) ||
      Number(weightOf(a) === 'note') - Number(weightOf(b) === 'note') ||
      Number(!stopped.has(a.what)) - Number(!stopped.has(b.what)) ||
      width(a) - width(b) ||
      b.confidence - a.confidence ||
      Date.parse(b.since) - Date.parse(a.since),
  );
}

const hour = 3_600_000;

/** How things stood at a moment: what had begun and not ended yet was in force; what had ended within the hour before is still told. */
export function asOf(verdicts: readonly Verdict[], at: number): Verdict[] {
  return verdicts.flatMap((v) => {
    if (Date.parse(v.since) > at) return [];
    if (v.until === null) return [v];
    const until = Date.parse(v.until);
    return until > at ? [{ ...v, until: null }] : until > at - hour ? [v] : [];
  });
}
