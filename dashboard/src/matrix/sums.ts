import { CellState, type Figure } from '../api/codes.ts';
import type { Line } from './axis.ts';
import { Look, type Mesh } from './mesh.ts';

/** What many cells are together. */
export interface Sum {
  /** The look that nine tenths of them do not exceed, or one of the special ones where that is what most of them are. */
  readonly look: number;
  /** The look of the middle one. */
  readonly middle: number;
  /** How many directions there are, of how many something is known, how many are cut, in maintenance, and named by a verdict. */
  readonly all: number;
  readonly known: number;
  readonly cut: number;
  readonly maintenance: number;
  readonly verdicts: number;
  /** How many are worse than fine at all (loss above nothing; three times the usual; above 10 ms). */
  readonly bad: number;
  /** The worst of them; -1 where nothing is known. */
  readonly worst: number;
  readonly worstFrom: number;
  readonly worstTo: number;
}

const counts = new Int32Array(252);

/** Adds up the directions from some nodes to some others; a node's way to itself is none. */
export function sumOf(mesh: Mesh, from: readonly number[], to: readonly number[], figure: Figure): Sum {
  counts.fill(0);
  let all = 0;
  let known = 0;
  let cut = 0;
  let maintenance = 0;
  let verdicts = 0;
  let bad = 0;
  let worst = -1;
  let worstFrom = -1;
  let worstTo = -1;
  const limit = figure === 'loss' ? 1 : figure === 'ratio' ? 155 : 125;
  for (const f of from) {
    const row = mesh.rows[f];
    all += to.length;
    if (!row) {
      if (to.includes(f)) all--;
      continue;
    }
    const codes = row.bytes(figure);
    const states = row.state;
    for (const t of to) {
      if (t === f) {
        all--;
        continue;
      }
      const state = states[t];
      const code = codes[t] ?? 255;
      if (state === CellState.verdict) verdicts++;
      if (state === CellState.maintenance) {
        maintenance++;
        continue;
      }
      if (state === CellState.cut) {
        cut++;
        if (worst < Look.cut) {
          worst = Look.cut;
          worstFrom = f;
          worstTo = t;
        }
        continue;
      }
      if (state === CellState.unknown || code > 250) continue;
      known++;
      counts[code]!++;
      if (code >= limit) bad++;
      if (code > worst) {
        worst = code;
        worstFrom = f;
        worstTo = t;
      }
    }
  }
  return { ...looks(known, cut, maintenance, all), all, known, cut, maintenance, verdicts, bad, worst, worstFrom, worstTo };
}

function looks(known: number, cut: number, maintenance: number, all: number): { look: number; middle: number } {
  const special = all === 0 ? Look.self : maintenance > 0 && maintenance >= cut ? Look.maintenance : Look.none;
  if (known + cut === 0) return { look: special, middle: special };
  return { look: rank(0.9, known, cut), middle: rank(0.5, known, cut) };
}

/** The code that this share of the known does not exceed; the cut ones are the worst. */
function rank(share: number, known: number, cut: number): number {
  const wanted = Math.ceil(share * (known + cut));
  let seen = 0;
  for (let code = 0; code <= 250; code++) {
    seen += counts[code]!;
    if (seen >= wanted) return code;
  }
  return Look.cut;
}

/** What a line is as a sender (its row) or as a receiver (its column), over all others. */
export function marginOf(mesh: Mesh, line: Line, everybody: readonly number[], figure: Figure, isRow: boolean): Sum {
  return isRow ? sumOf(mesh, line.members, everybody, figure) : sumOf(mesh, everybody, line.members, figure);
}
