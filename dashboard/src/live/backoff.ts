const first = 1_000;
const last = 15_000;

/** How long to wait before the next try, after so many that failed: doubled each time, bounded, spread so that not all browsers come at once. */
export function waitBefore(failures: number, random: number): number {
  const whole = Math.min(last, first * 2 ** Math.min(10, Math.max(0, failures - 1)));
  return Math.round(whole * (0.75 + random / 2));
}

/** How old data may be before they are called old: two seconds above what the stream's own beat explains. */
export function isOld(ageMs: number, beatMs: number): boolean {
  return ageMs > Math.max(4_000, beatMs * 2 + 2_000);
}
