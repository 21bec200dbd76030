import { delayCode, lossCode, ratioCode, type Figure } from '../api/codes.ts';
import { Look } from './mesh.ts';

export type Theme = 'light' | 'dark';

type Rgb = readonly [number, number, number];

/** What the special cells and the picture's own parts look like. */
export interface Palette {
  readonly ground: string;
  readonly ink: string;
  readonly faint: string;
  readonly line: string;
  readonly accent: string;
  readonly alarm: string;
  /** Around what a verdict concerns. */
  readonly verdict: string;
  readonly none: string;
  readonly noneHatch: string;
  readonly maintenance: string;
  readonly maintenanceStripe: string;
  readonly cut: string;
  readonly cutMark: string;
}

export const palettes: Record<Theme, Palette> = {
  light: {
    ground: '#ffffff',
    ink: '#1b2430',
    faint: '#5a6675',
    line: '#dfe4ea',
    accent: '#1d5fb8',
    alarm: '#b8330a',
    verdict: '#0a0d12',
    none: '#ffffff',
    noneHatch: '#aab4bf',
    maintenance: '#bfe0dc',
    maintenanceStripe: '#5d9a94',
    cut: '#0b0b10',
    cutMark: '#ffffff',
  },
  dark: {
    ground: '#151b23',
    ink: '#e6ebf1',
    faint: '#9aa7b5',
    line: '#2a3440',
    accent: '#82b4ff',
    alarm: '#ff9166',
    verdict: '#ffffff',
    none: '#151b23',
    noneHatch: '#566270',
    maintenance: '#24504d',
    maintenanceStripe: '#6fb3ac',
    cut: '#ffffff',
    cutMark: '#0b0b10',
  },
};

/**
 * The scales. Each goes one way in lightness, so that the order stands without hues (for whoever sees none of them, and on paper), and away from the
 * ground, so that what is bad stands out on either.
 */
const scales: Record<Theme, Record<'loss' | 'delay' | 'slower' | 'faster', readonly Rgb[]>> = {
  light: {
    loss: hex('#fde9c9', '#fcc88f', '#f79a5e', '#e96a4f', '#cb3f62', '#982b75', '#5f1a78', '#2c0f57'),
    delay: hex('#f1f6dd', '#d2ebbd', '#96d3b2', '#52b4b7', '#2d8bb2', '#28629f', '#253b85', '#12204f'),
    slower: hex('#fbe3c4', '#f7b877', '#e5822f', '#b85412', '#7d2f0a', '#3f1606'),
    faster: hex('#d6e6f7', '#98c1ea', '#4a8fd0', '#1f5ca3'),
  },
  dark: {
    loss: hex('#3a1a58', '#61207c', '#912d80', '#c23f73', '#e85a60', '#fa8c62', '#fdbb82', '#fcf3bd'),
    delay: hex('#2b2a55', '#31497f', '#2f6a8c', '#278a8b', '#2ba883', '#5cc56b', '#a6db3f', '#f4e84a'),
    slower: hex('#4a3018', '#7d4a16', '#b96a17', '#f08f2d', '#ffbe72', '#fff0cf'),
    faster: hex('#1c3a5c', '#25578c', '#3f82c6', '#86b8ee'),
  },
};

const fine: Record<Theme, Rgb> = { light: rgb('#e6edf2'), dark: rgb('#232e3a') };

/** From where to where a figure's colours go; what is beyond has the last one. */
export const domains = {
  loss: { low: lossCode(1e-5), high: lossCode(1) },
  delay: { low: delayCode(20), high: delayCode(1_000_000) },
  ratio: { low: ratioCode(0.25), noticeablyLess: ratioCode(0.8), noticeablyMore: ratioCode(1.25), high: ratioCode(30) },
};

/** The colour of each look, as red, green and blue. */
export function coloursOf(figure: Figure, theme: Theme): Rgb[] {
  const palette = palettes[theme];
  const colours: Rgb[] = [];
  for (let look = 0; look < 256; look++) colours.push(colourOf(look, figure, theme));
  colours[Look.none] = rgb(palette.none);
  colours[Look.self] = rgb(palette.ground);
  colours[Look.maintenance] = rgb(palette.maintenance);
  colours[Look.cut] = rgb(palette.cut);
  return colours;
}

function colourOf(code: number, figure: Figure, theme: Theme): Rgb {
  const own = scales[theme];
  if (figure === 'loss') return code === 0 ? fine[theme] : along(own.loss, code, domains.loss.low, domains.loss.high);
  if (figure !== 'ratio') return along(own.delay, code, domains.delay.low, domains.delay.high);
  const { low, noticeablyLess, noticeablyMore, high } = domains.ratio;
  if (code < noticeablyLess) return along(own.faster, noticeablyLess - code, 0, noticeablyLess - low);
  return code <= noticeablyMore ? fine[theme] : along(own.slower, code, noticeablyMore, high);
}

function along(scale: readonly Rgb[], value: number, low: number, high: number): Rgb {
  const place = Math.min(1, Math.max(0, (value - low) / (high - low))) * (scale.length - 1);
  const i = Math.min(scale.length - 2, Math.floor(place));
  const a = scale[i]!;
  const b = scale[i + 1]!;
  const part = place - i;
  return [mix(a[0], b[0], part), mix(a[1], b[1], part), mix(a[2], b[2], part)];
}

function mix(a: number, b: number, part: number): number {
  return Math.round(a + (b - a) * part);
}

/** Looks as pixels of an ImageData seen as 32-bit words, lowest byte first as all browsers' machines have it. */
export function pixelsOf(colours: readonly Rgb[]): Uint32Array {
  return Uint32Array.from(colours, ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0);
}

export function pixel(colour: string): number {
  const [r, g, b] = rgb(colour);
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

export function css([r, g, b]: Rgb): string {
  return `rgb(${r} ${g} ${b})`;
}

/** How light a colour is to the eye, 0 to 1 (WCAG 2.2, relative luminance). */
export function luminance([r, g, b]: Rgb): number {
  const part = (v: number) => {
    const s = v / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
}

function rgb(text: string): Rgb {
  return [parseInt(text.slice(1, 3), 16), parseInt(text.slice(3, 5), 16), parseInt(text.slice(5, 7), 16)];
}

function hex(...texts: string[]): readonly Rgb[] {
  return texts.map(rgb);
}
