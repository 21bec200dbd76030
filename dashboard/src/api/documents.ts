/** The documents of an agent's API as the dashboard reads them. Absent or null is "not known", never 0. */

export type NodeState = 'up' | 'silent' | 'left' | 'unreachable' | 'unknown';

export interface NodeEntry {
  name: string;
  /** Its name in the configuration. */
  label?: string | null;
  datacenter?: string | null;
  groups?: string[];
  state: NodeState;
  is_maintenance?: boolean;
  heard_ms?: number | null;
  version?: string | null;
  cpu?: number | null;
  stalled_ms_10s?: number | null;
  receive_drops_10s?: number | null;
  clock_offset_us?: number | null;
  clock_bound_us?: number | null;
  verdicts?: string[];
}

export interface NodesDocument {
  node: string;
  now: string;
  self?: string;
  history?: boolean;
  settings?: { interval_ms?: number };
  nodes: NodeEntry[];
}

export interface MatrixRowDocument {
  from: number;
  kind?: 'one_way' | 'round_trip';
  loss: string;
  p50: string;
  p99: string;
  ratio: string;
  state: string;
}

export interface Missing {
  node: string;
  why: string;
}

export interface MatrixDocument {
  at?: string;
  nodes: string[];
  datacenters?: (string | null)[];
  groups?: string[][];
  states?: NodeState[];
  ages_ms?: (number | null)[];
  missing?: Missing[];
  rows: MatrixRowDocument[];
}

/** What the stream sends after the first matrix: the rows that changed. */
export interface MatrixChange extends Partial<Omit<MatrixDocument, 'rows'>> {
  rows: MatrixRowDocument[];
}

export interface Evidence {
  node: string;
  figure: string;
  value: number;
  unit: string;
  baseline: number | null;
}

export interface Where {
  kind: string;
  host?: string;
  from?: string;
  to?: string;
  hosts?: string[];
  flows?: number[];
  datacenter?: string;
  datacenters?: string[];
  parts?: string[][];
}

export interface Verdict {
  id: string;
  what: string;
  where: Where;
  since: string;
  until: string | null;
  confidence: number;
  evidence: Evidence[];
  suggestion?: string;
  noticed?: string;
  recurrences?: number;
}

export interface VerdictsDocument {
  node: string;
  now: string;
  verdicts: Verdict[];
}

export interface DirectionFigures {
  loss?: number | null;
  lost?: number | null;
  sent?: number | null;
  p50_us?: number | null;
  p90_us?: number | null;
  p99_us?: number | null;
  max_us?: number | null;
  baseline_us?: number | null;
}

export interface FlowFigures {
  port: number;
  sent?: number | null;
  answered?: number | null;
  lost_forward?: number | null;
  lost_backward?: number | null;
  lost_unknown?: number | null;
  large?: boolean | null;
  lost_series?: (number | null)[] | null;
}

export interface PathRow {
  to: string;
  forward?: DirectionFigures | null;
  backward?: DirectionFigures | null;
  round_trip?: DirectionFigures | null;
  bound_us?: number | null;
  unsent?: number | null;
  receive_drops?: number | null;
  flows?: FlowFigures[];
  connected?: boolean | null;
  silence_ms?: number | null;
}

export interface PathsDocument {
  node: string;
  now: string;
  paths: PathRow[];
}

export type Series = (number | null)[];

export interface DelaySeries {
  p50_us?: Series;
  p90_us?: Series;
  p99_us?: Series;
  max_us?: Series;
}

export type HistogramBars = [number, number][];

export interface PathView {
  observer: string;
  source?: 'live' | 'history' | 'peer';
  missing?: string | null;
  /** How long a step of its series is; the document's where it says none. */
  step_ms?: number | null;
  t: number[];
  sent?: Series;
  lost_forward?: Series;
  lost_backward?: Series;
  lost_unknown?: Series;
  unsent?: Series;
  forward?: DelaySeries | null;
  backward?: DelaySeries | null;
  round_trip?: DelaySeries | null;
  heartbeats?: { receive_p99_us?: Series } | null;
  histograms?: { forward?: HistogramBars | null; backward?: HistogramBars | null; round_trip?: HistogramBars | null } | null;
  flows?: FlowFigures[];
}

export interface EventEntry {
  at: string;
  node: string;
  kind: string;
  subject?: string | null;
  text: string;
}

/** What the command of an analysis printed. */
export interface TraceEntry {
  at: string;
  until: string;
  node: string;
  name: string;
  cause: string;
  text: string;
  exit_code?: number | null;
}

export interface PathDocument {
  from: string;
  to: string;
  start: string;
  end: string;
  step_ms?: number;
  views: PathView[];
  events?: EventEntry[];
  verdicts?: Verdict[];
  traces?: TraceEntry[];
}

export interface StallEntry {
  at: string;
  ms: number;
  cause?: string | null;
}

export interface VitalsDocument {
  node: string;
  via?: string;
  now: string;
  t: number[];
  stalls?: StallEntry[];
  [series: string]: unknown;
}

export interface EventsDocument {
  events: EventEntry[];
  more?: boolean;
}
