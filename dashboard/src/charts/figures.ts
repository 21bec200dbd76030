import type { PathDocument, Series } from '../api/documents.ts';

/** A series' last and largest value in words; null where it has none. */
export function lastAndWorst(label: string, t: readonly number[], values: Series, words: (value: number | null) => string): { label: string; last: string; worst: string; text: string } | null {
  let last: number | null = null;
  let worst: number | null = null;
  for (let i = 0; i < t.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    last = value;
    if (worst === null || value > worst) worst = value;
  }
  if (last === null) return null;
  return { label, last: words(last), worst: words(worst), text: worst === last ? words(last) : `last ${words(last)}, worst ${words(worst)}` };
}

/** As long as the axis: what is missing at the end is no data. */
export function padTo(values: Series, length: number): Series {
  return values.length === length ? values : Array.from({ length }, (_, i) => values[i] ?? null);
}

/** The parts as shares of the whole, moment by moment; null where either is not known or nothing was sent. What takes back losses of earlier moments is none. */
export function share(parts: readonly (Series | undefined)[], whole: Series | undefined): Series {
  if (!whole) return [];
  return whole.map((sent, i) => {
    const known = parts.map((p) => p?.[i]).filter((v): v is number => v !== null && v !== undefined);
    return sent === null || sent <= 0 || known.length === 0 ? null : Math.max(0, known.reduce((a, b) => a + b, 0)) / sent;
  });
}

/** Whether a series has anything at all. */
export function hasAny(values: Series | null | undefined): values is Series {
  return !!values && values.some((v) => v !== null && v !== undefined);
}

/** Sums of a series; null where nothing of it is known. */
export function total(values: Series | undefined): number | null {
  if (!hasAny(values)) return null;
  return values.reduce<number>((sum, v) => sum + (v ?? 0), 0);
}

/**
 * Breaks the lines where moments are missing: a gap in the times is no data, and no line is drawn across it. Gives the times with one more in each gap, and for each
 * series what belongs there.
 */
export function withGaps(t: readonly number[], stepMs: number): { t: number[]; spread: (values: Series | undefined) => Series } {
  const times: number[] = [];
  const from: number[] = [];
  t.forEach((moment, i) => {
    const before = t[i - 1];
    if (before !== undefined && moment - before > stepMs * 2.5) {
      times.push(before + stepMs);
      from.push(-1);
    }
    times.push(moment);
    from.push(i);
  });
  return { t: times, spread: (values) => from.map((i) => (i < 0 ? null : (values?.[i] ?? null))) };
}

/** Whether both ends told what they saw. */
export function isTold(path: PathDocument): boolean {
  return path.views.every((v) => !v.missing);
}
