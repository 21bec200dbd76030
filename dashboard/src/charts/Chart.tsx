import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Series } from '../api/documents.ts';
import { palettes } from '../matrix/colours.ts';
import { useTheme } from '../shell/theme.ts';
import { clock } from '../time/words.ts';
import { chartColours, lineDashes } from './colours.ts';
import { lastAndWorst, padTo } from './figures.ts';

export interface ChartLine {
  readonly label: string;
  readonly values: Series;
  /** Number of its colour and dash; lines of one meaning have one number in all charts. */
  readonly tone: number;
  /** Thinner and paler: context for the others. */
  readonly isFaint?: boolean;
  readonly isFilled?: boolean;
}

/** A time that is marked: an incident, from when to when. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly isWrong: boolean;
}

interface Props {
  readonly title: string;
  readonly t: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly words: (value: number | null) => string;
  readonly start: number;
  readonly end: number;
  readonly marks: readonly Mark[];
  /** The moment that is looked at. */
  readonly at: number | null;
  readonly isLog?: boolean;
  /** The least top of the scale, so that noise does not look like a mountain. */
  readonly atLeast?: number;
  readonly height?: number;
}

// All charts of a page have one cursor: what happened at one moment stands beneath each other.
const together = uPlot.sync('meshpulse');

/** One diagram over time. What it shows is said in words beneath its title too. */
export function Chart(props: Props) {
  const theme = useTheme();
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const [width, setWidth] = useState(0);
  const shape = `${theme} ${props.isLog ? 1 : 0} ${props.lines.map((l) => `${l.label}${l.tone}${l.isFaint ? 1 : 0}`).join()}`;

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const element = host.current;
    if (!element || width === 0) return;
    const made = new uPlot(options(latest, theme, width), dataOf(latest.current), element);
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [shape, width > 0, props.height]);

  useEffect(() => {
    if (plot.current && width > 0) plot.current.setSize({ width, height: props.height ?? 132 });
  }, [width]);

  useEffect(() => {
    plot.current?.batch(() => {
      plot.current?.setData(dataOf(props), false);
      plot.current?.setScale('x', { min: props.start, max: props.end });
    });
  });

  const said = props.lines.map((l) => lastAndWorst(l.label, props.t, l.values, props.words)).filter((w) => w !== null);
  return (
    <figure class="chart" aria-label={`${props.title}. ${said.length > 0 ? said.map((s) => `${s.label}: ${s.text}`).join('; ') : 'no data'}.`}>
      <figcaption>
        <span class="chart-title">{props.title}</span>
        <span class="chart-keys">
          {props.lines.map((l) => {
            const words = lastAndWorst(l.label, props.t, l.values, props.words);
            return (
              <span class="chart-key" key={l.label}>
                <svg width="18" height="8" aria-hidden="true">
                  <line x1="0" x2="18" y1="4" y2="4" stroke={chartColours[theme][l.tone % 6]} stroke-width={l.isFaint ? 1.2 : 2.2} stroke-dasharray={lineDashes[l.tone % 6]!.join(' ')} />
                </svg>
                {l.label} <b>{words?.last ?? '–'}</b>
                {words && words.worst !== words.last && <span class="quiet"> worst {words.worst}</span>}
              </span>
            );
          })}
        </span>
      </figcaption>
      <div class="chart-plot" ref={host} />
      {said.length === 0 && <p class="chart-none">no data</p>}
    </figure>
  );
}

function dataOf(props: Props): uPlot.AlignedData {
  return [props.t as number[], ...props.lines.map((l) => padTo(l.values, props.t.length))] as uPlot.AlignedData;
}

function options(latest: { readonly current: Props }, theme: 'light' | 'dark', width: number): uPlot.Options {
  const props = latest.current;
  const palette = palettes[theme];
  const axis = { stroke: palette.faint, grid: { stroke: palette.line, width: 1 }, ticks: { stroke: palette.line, width: 1, size: 4 }, font: '11px system-ui, "DejaVu Sans", sans-serif' };
  return {
    width,
    height: props.height ?? 132,
    ms: 1,
    legend: { show: false },
    padding: [6, 8, 0, 0],
    cursor: { y: false, sync: { key: together.key }, points: { size: 6 }, drag: { x: false, y: false } },
    scales: {
      x: { time: true, auto: false, min: props.start, max: props.end },
      y: props.isLog
        ? { distr: 3, log: 10, range: (_: uPlot, low: number, high: number) => [10 ** Math.floor(Math.log10(Math.max(1, low || 1))), 10 ** Math.ceil(Math.log10(Math.max(10, high || 10, (latest.current.atLeast ?? 0))))] }
        : { range: (_: uPlot, low: number, high: number) => [low < 0 ? low * 1.1 : 0, Math.max(latest.current.atLeast ?? 1, (high || 0) * 1.1)] },
    },
    axes: [
      { ...axis, size: 26, space: 70, values: (_: uPlot, at: number[]) => at.map((t) => clock(t, latest.current.end, latest.current.end - latest.current.start < 3_600_000)) },
      { ...axis, size: 62, space: 26, values: (_: uPlot, at: (number | null)[]) => at.map((v) => (v === null ? '' : latest.current.words(v))) },
    ],
    series: [
      {},
      ...props.lines.map((l) => ({
        label: l.label,
        stroke: chartColours[theme][l.tone % 6]!,
        width: l.isFaint ? 1 : 1.8,
        dash: lineDashes[l.tone % 6]!,
        ...(l.isFilled ? { fill: chartColours[theme][l.tone % 6]! + '33' } : {}),
        spanGaps: false,
        points: { show: false },
      })),
    ],
    hooks: {
      drawClear: [
        (u) => {
          for (const mark of latest.current.marks) drawSpan(u, mark.start, mark.end, mark.isWrong ? palette.alarm : palette.faint);
        },
      ],
      draw: [
        (u) => {
          const { at } = latest.current;
          if (at !== null) drawMoment(u, at, palette.accent);
        },
      ],
    },
  };
}

function drawSpan(u: uPlot, start: number, end: number, colour: string): void {
  const x0 = Math.max(u.bbox.left, u.valToPos(start, 'x', true));
  const x1 = Math.min(u.bbox.left + u.bbox.width, Math.max(u.valToPos(end, 'x', true), x0 + 2));
  if (x1 <= u.bbox.left || x0 >= u.bbox.left + u.bbox.width) return;
  u.ctx.save();
  u.ctx.globalAlpha = 0.16;
  u.ctx.fillStyle = colour;
  u.ctx.fillRect(x0, u.bbox.top, x1 - x0, u.bbox.height);
  u.ctx.globalAlpha = 1;
  // The beginning has a line of its own: it is the moment that is asked for.
  u.ctx.fillRect(x0, u.bbox.top, Math.max(1, devicePixelRatio), u.bbox.height);
  u.ctx.restore();
}

function drawMoment(u: uPlot, at: number, colour: string): void {
  const x = u.valToPos(at, 'x', true);
  if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) return;
  u.ctx.save();
  u.ctx.strokeStyle = colour;
  u.ctx.lineWidth = devicePixelRatio;
  u.ctx.setLineDash([4, 3]);
  u.ctx.beginPath();
  u.ctx.moveTo(x, u.bbox.top);
  u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
  u.ctx.stroke();
  u.ctx.restore();
}
