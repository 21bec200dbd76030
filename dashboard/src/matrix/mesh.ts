import { bytesOf, CellState, noData, type Figure } from '../api/codes.ts';
import type { MatrixChange, MatrixDocument, MatrixRowDocument, Missing, NodeState } from '../api/documents.ts';

/** What one node's row says: a byte per column. Read when it is looked at: of four figures one is shown. */
export class Row {
  readonly kind: 'one_way' | 'round_trip';
  private readonly known: Partial<Record<Figure | 'state', Uint8Array>> = {};

  constructor(
    private readonly document: MatrixRowDocument,
    private readonly length: number,
  ) {
    this.kind = document.kind ?? 'one_way';
  }

  get loss(): Uint8Array {
    return this.bytes('loss');
  }

  get p50(): Uint8Array {
    return this.bytes('p50');
  }

  get p99(): Uint8Array {
    return this.bytes('p99');
  }

  get ratio(): Uint8Array {
    return this.bytes('ratio');
  }

  get state(): Uint8Array {
    return this.bytes('state');
  }

  bytes(name: Figure | 'state'): Uint8Array {
    return (this.known[name] ??= bytesOf(this.document[name], this.length, name === 'state' ? CellState.unknown : noData));
  }
}

/** The whole mesh at a moment, as it came; rows are replaced when they change. */
export class Mesh {
  readonly names: readonly string[];
  readonly datacenters: readonly (string | null)[];
  readonly groups: readonly (readonly string[])[];
  readonly rows: (Row | null)[];
  states: readonly NodeState[];
  ages: readonly (number | null)[];
  missing: readonly Missing[];
  at: string | null;

  constructor(document: MatrixDocument) {
    const length = document.nodes.length;
    this.names = document.nodes;
    this.datacenters = document.nodes.map((_, i) => document.datacenters?.[i] ?? null);
    this.groups = document.nodes.map((_, i) => document.groups?.[i] ?? []);
    this.rows = new Array<Row | null>(length).fill(null);
    this.states = document.states ?? [];
    this.ages = document.ages_ms ?? [];
    this.missing = document.missing ?? [];
    this.at = document.at ?? null;
    this.put(document.rows);
  }

  get size(): number {
    return this.names.length;
  }

  /** Takes changed rows; gives their numbers, or null where the nodes are others, and the whole has to be fetched again. */
  change(document: MatrixChange): number[] | null {
    if (document.nodes && !(document.nodes.length === this.size && document.nodes.every((n, i) => n === this.names[i]))) return null;
    this.states = document.states ?? this.states;
    this.ages = document.ages_ms ?? this.ages;
    this.missing = document.missing ?? this.missing;
    this.at = document.at ?? this.at;
    return this.put(document.rows);
  }

  private put(rows: readonly MatrixRowDocument[]): number[] {
    const changed: number[] = [];
    for (const row of rows) {
      const from = row.from;
      if (!Number.isInteger(from) || from < 0 || from >= this.size) continue;
      this.rows[from] = new Row(row, this.size);
      changed.push(from);
    }
    return changed;
  }
}

/** How a cell looks: the byte of its figure, or one of these. */
export const Look = { none: 255, maintenance: 254, cut: 253, self: 252, gone: 251 } as const;

/** How the cell of a direction looks, and whether a verdict concerns it. */
export function lookAt(row: Row | null, to: number, figure: Figure): { look: number; verdict: boolean } {
  const state = row?.state[to] ?? CellState.unknown;
  return { look: lookOf(state, row?.bytes(figure)[to] ?? noData), verdict: state === CellState.verdict };
}

/** The look of a state's and a figure's byte. */
export function lookOf(state: number, code: number): number {
  if (state === CellState.maintenance) return Look.maintenance;
  if (state === CellState.cut) return Look.cut;
  return code > 250 || state === CellState.unknown ? Look.none : code;
}

/** How bad a look is, 0 to 3, for the marks that need no colours: 1 bad, 2 worse, 3 nothing gets through. */
export function badness(look: number, figure: Figure): 0 | 1 | 2 | 3 {
  if (look === Look.cut) return 3;
  if (look > 250) return 0;
  switch (figure) {
    case 'loss':
      // 0.1 % and 5 % of the packets; everything.
      return look >= 249 ? 3 : look >= 186 ? 2 : look >= 101 ? 1 : 0;
    case 'ratio':
      // 3 and 10 times the usual.
      return look >= 188 ? 2 : look >= 155 ? 1 : 0;
    default:
      // 10 and 100 ms.
      return look >= 156 ? 2 : look >= 125 ? 1 : 0;
  }
}
