/** The matrix carries one byte per cell and figure. What the bytes mean is in docs/api.md; here they become numbers again. */

export const noData = 255;

/** Which figure colours the cells. */
export type Figure = 'loss' | 'p50' | 'p99' | 'ratio';

export const figures: readonly Figure[] = ['loss', 'p99', 'ratio', 'p50'];

/** What a cell's state byte says. */
export const CellState = { fine: 0, cut: 1, unknown: 2, maintenance: 3, verdict: 4 } as const;

/** The share of packets lost, 0 to 1; null where nobody knows. */
export function lossOf(code: number): number | null {
  if (code > 250) return null;
  return code === 0 ? 0 : Math.min(1, 10 ** (-5 + ((code - 1) * 5) / 249));
}

/** The byte of a share of packets lost. */
export function lossCode(loss: number | null): number {
  if (loss === null) return noData;
  if (loss <= 0) return 0;
  return clamp(Math.round(1 + ((Math.log10(loss) + 5) * 249) / 5), 1, 250);
}

/** Microseconds; null where nobody knows. */
export function delayOf(code: number): number | null {
  return code > 250 ? null : 10 ** (code / 31.25);
}

/** The byte of a delay in microseconds. */
export function delayCode(us: number | null): number {
  return us === null ? noData : clamp(Math.round(31.25 * Math.log10(Math.max(us, 1))), 0, 250);
}

/** How many times the usual delay; null where nobody knows. */
export function ratioOf(code: number): number | null {
  return code > 250 ? null : 10 ** ((code - 125) / 62.5);
}

/** The byte of a ratio. */
export function ratioCode(ratio: number | null): number {
  return ratio === null || ratio <= 0 ? noData : clamp(Math.round(125 + 62.5 * Math.log10(ratio)), 0, 250);
}

/** The bytes of a row, made as long as the matrix is wide: what is missing is no data. */
export function bytesOf(base64: string | undefined, length: number, missing: number): Uint8Array {
  const bytes = base64 ? decode(base64) : null;
  if (bytes?.length === length) return bytes;
  const row = new Uint8Array(length).fill(missing);
  if (bytes) row.set(bytes.subarray(0, length));
  return row;
}

/** Null for what is no base64. */
function decode(base64: string): Uint8Array | null {
  try {
    // Newer browsers do it themselves, many times faster: of a thousand nodes that is some million bytes a second.
    if (own.fromBase64) return own.fromBase64(base64);
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  } catch {
    return null;
  }
}

const own = Uint8Array as unknown as { fromBase64?: (text: string) => Uint8Array };

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
