/** Which time is looked at: now, or a moment with something before and after it. Lives in the address. */
export interface TimeChoice {
  /** The moment, in ms since 1970; null: now, and it moves on. */
  readonly at: number | null;
  /** How much of the time around it the charts show, in ms. */
  readonly span: number;
}

export const defaultSpan = 10 * 60_000;
const shortest = 10_000;
const longest = 30 * 86_400_000;
const units: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export const live: TimeChoice = { at: null, span: defaultSpan };

/** "90s", "10m", "1h", "7d"; null for anything else. */
export function readSpan(text: string | null): number | null {
  const parts = /^(\d{1,7})([smhd])$/.exec(text ?? '');
  if (!parts) return null;
  return Math.min(longest, Math.max(shortest, Number(parts[1]) * (units[parts[2] ?? 's'] ?? 1_000)));
}

/** The shortest text that gives the span again, to the second. */
export function writeSpan(ms: number): string {
  for (const unit of ['d', 'h', 'm']) {
    const size = units[unit] ?? 1;
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  return `${Math.max(1, Math.round(ms / 1_000))}s`;
}

/** A moment as RFC 3339, or as milliseconds; null for what is neither. */
export function readMoment(text: string | null): number | null {
  if (!text) return null;
  const value = /^\d{12,14}$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isFinite(value) ? value : null;
}

/** RFC 3339 in UTC, without fractions where there are none. */
export function writeMoment(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

/** What the charts show: the span that ends now, or that has the moment in its middle, but never the future. */
export function windowOf(choice: TimeChoice, now: number): { start: number; end: number } {
  if (choice.at === null) return { start: now - choice.span, end: now };
  const end = Math.min(now, choice.at + choice.span / 2);
  return { start: end - choice.span, end };
}

/** What an incident is looked at in: some time before, some after, and a moment within it that is marked. */
export function around(since: number, until: number | null, now: number): TimeChoice {
  const end = until ?? now;
  const length = Math.max(0, end - since);
  const span = Math.min(longest, Math.max(120_000, length * 2));
  // What has just begun would be a sliver at the edge of ten minutes.
  if (until === null && length < defaultSpan) return { at: null, span: length < 60_000 ? 120_000 : defaultSpan };
  return { at: Math.round(Math.min(since + length / 2, since + span / 4)), span };
}

/** How long the range of the time line has to be so that a moment is in it. */
export const ranges: readonly { name: string; ms: number }[] = [
  { name: '1 hour', ms: 3_600_000 },
  { name: '6 hours', ms: 6 * 3_600_000 },
  { name: '1 day', ms: 86_400_000 },
  { name: '7 days', ms: 7 * 86_400_000 },
  { name: '30 days', ms: longest },
];

/** The shortest range that has the moment, not shorter than the one wanted. */
export function rangeFor(at: number | null, now: number, wanted: number): number {
  const needed = at === null ? 0 : now - at;
  return ranges.find((r) => r.ms >= wanted && r.ms >= needed)?.ms ?? longest;
}

/** Moments at round times for an axis: at most `most` of them. */
export function ticks(start: number, end: number, most: number): number[] {
  const steps = [1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 172_800, 432_000].map((s) => s * 1_000);
  const step = steps.find((s) => (end - start) / s <= most) ?? 864_000_000;
  const zone = new Date(start).getTimezoneOffset() * 60_000;
  const found: number[] = [];
  for (let t = Math.ceil((start - zone) / step) * step + zone; t <= end; t += step) found.push(t);
  return found;
}

/** A step for series so that a chart gets some hundred points: whole seconds, as the store keeps them. */
export function stepFor(span: number): number {
  const steps = [1, 2, 5, 10, 30, 60, 300, 600, 1_800, 3_600].map((s) => s * 1_000);
  return steps.find((s) => span / s <= 700) ?? 7_200_000;
}
