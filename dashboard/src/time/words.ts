/** Numbers in words that are read in the night: few digits, always with a unit, and "not known" where nothing is known. */

export const unknownWord = 'not known';

/** Three digits at most that say something. */
export function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString('en-GB');
  return value.toFixed(size >= 10 ? 1 : 2).replace(/\.?0+$/, '');
}

/** A duration in microseconds. */
export function microseconds(us: number | null | undefined): string {
  if (us === null || us === undefined) return unknownWord;
  if (Math.abs(us) < 999.5) return `${digits(us)} µs`;
  if (Math.abs(us) < 999_500) return `${digits(us / 1_000)} ms`;
  return `${digits(us / 1_000_000)} s`;
}

/** A share, 0 to 1, as per cent. */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined) return unknownWord;
  if (share === 0) return '0 %';
  const value = share * 100;
  if (value < 0.001) return '< 0.001 %';
  if (value < 0.1) return `${value.toFixed(3).replace(/0+$/, '')} %`;
  return `${digits(value)} %`;
}

/** How many times the usual. */
export function times(ratio: number | null | undefined): string {
  if (ratio === null || ratio === undefined) return unknownWord;
  return ratio >= 0.95 && ratio <= 1.05 ? 'as usual' : `${digits(ratio)} × the usual`;
}

/** A length of time in milliseconds, in words: "0.4 s", "12 s", "3 min", "2 h 5 min", "4 days". */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return unknownWord;
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = seconds / 60;
  if (minutes < 60) return `${Math.round(minutes)} min`;
  const hours = Math.floor(minutes / 60);
  const rest = Math.round(minutes - hours * 60);
  if (hours < 48) return rest === 0 || rest === 60 ? `${rest === 60 ? hours + 1 : hours} h` : `${hours} h ${rest} min`;
  return `${Math.round(hours / 24)} days`;
}

/** A moment by this browser's clock; with the day where that is not today. */
export function clock(ms: number, now: number, withSeconds = true): string {
  const date = new Date(ms);
  const time = pad(date.getHours()) + ':' + pad(date.getMinutes()) + (withSeconds ? ':' + pad(date.getSeconds()) : '');
  return new Date(now).toDateString() === date.toDateString() ? time : `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${time}`;
}

/** "one node", "5 nodes". */
export function count(number: number, one: string, many = one + 's'): string {
  return `${number.toLocaleString('en-GB')} ${number === 1 ? one : many}`;
}

/** "a, b and c"; after `most` of them "and 4 more". */
export function list(names: readonly string[], most = 4): string {
  if (names.length > most) return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
