import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ask } from '../api/client.ts';
import { figures, type Figure } from '../api/codes.ts';
import type { PathRow, PathsDocument } from '../api/documents.ts';
import { watchRows } from '../live/mesh-store.ts';
import { go, linkTo } from '../routes/router.ts';
import type { Route } from '../routes/route.ts';
import { useTheme } from '../shell/theme.ts';
import { axisOf, type Axis } from './axis.ts';
import { Legend } from './Legend.tsx';
import type { Mesh } from './mesh.ts';
import { head, MatrixPainter, type Place } from './painter.ts';
import { cellFor } from './room.ts';
import { sumOf } from './sums.ts';
import { MatrixTable } from './MatrixTable.tsx';
import { cellWords, exactWords, figureNames, lineTitle, missingWords, sumWords } from './words.ts';

interface Props {
  readonly mesh: Mesh;
  readonly route: Route;
  /** Live data change by rows; those of the past are a whole. */
  readonly isLive: boolean;
  readonly isLarge: boolean;
}

// Who looks at a cell that long wants its exact figures. Of a large mesh that is a document per glance: there the pair's own page has them.
const dwell = 300;
const mostExact = 200;

/** The matrix with its controls, its words for the cell under the cursor and the table that says the same. */
export function MatrixView({ mesh, route, isLive, isLarge }: Props) {
  const theme = useTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const painter = useRef<MatrixPainter | null>(null);
  const [cursor, setCursor] = useState<Place | null>(null);
  const [zoom, setZoom] = useState(1);
  const [room, setRoom] = useState({ width: 0, height: 0 });
  const [beat, setBeat] = useState(0);
  const figure = route.colour;
  const openKey = route.open.join(',');
  const axis = useMemo(() => axisOf(mesh.names, mesh.datacenters, mesh.groups, route.show, route.open), [mesh, route.show, openKey]);

  const heads = useMemo(() => {
    if (!canvas.current) return { left: 60, top: 60, right: 0 };
    painter.current ??= new MatrixPainter(canvas.current);
    return painter.current.measure(mesh, axis, room.width || 900);
  }, [mesh, axis, room.width]);
  const cell = cellFor(axis.lines.length, room.width - heads.left - heads.right - 2, room.height - heads.top - 2, zoom);
  const size = { width: heads.left + cell * axis.lines.length + heads.right + 2, height: heads.top + cell * axis.lines.length + 2 };
  const shown = { width: Math.min(room.width, size.width), height: Math.min(Math.max(room.height, 160), size.height) };

  useEffect(() => {
    const element = scroller.current?.parentElement;
    if (!element) return;
    const measure = () => setRoom({ width: Math.floor(element.clientWidth), height: Math.max(260, Math.floor(window.innerHeight - (isLarge ? 250 : 300))) });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    window.addEventListener('resize', measure);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
    };
  }, [isLarge]);

  useEffect(() => {
    const element = canvas.current;
    if (!element || room.width === 0) return;
    const own = (painter.current ??= new MatrixPainter(element));
    const scale = window.devicePixelRatio || 1;
    element.width = Math.round(shown.width * scale);
    element.height = Math.round(shown.height * scale);
    Object.assign(own, { mesh, axis, figure, theme, cell, left: heads.left, top: heads.top, right: heads.right });
    own.isNarrow = room.width < 620;
    own.reset();
  }, [mesh, axis, figure, theme, cell, shown.width, shown.height, heads.left, heads.top, heads.right]);

  useEffect(() => () => painter.current?.dispose(), []);

  useEffect(() => {
    if (!isLive) return;
    let last = 0;
    return watchRows((rows) => {
      if (rows) painter.current?.changed(rows);
      const now = performance.now();
      if (now - last > 900) {
        last = now;
        setBeat((b) => b + 1);
      }
    });
  }, [isLive, mesh]);

  useEffect(() => {
    const own = painter.current;
    if (!own) return;
    own.cursor = cursor;
    own.hasFocus = document.activeElement === canvas.current;
    own.schedule();
  }, [cursor]);

  const exact = useExact(mesh, axis, cursor, isLive, beat);
  const words = cursor ? placeWords(mesh, axis, cursor, figure, painter.current) : null;
  const hint = 'Point at a cell, or press Tab and use the arrow keys; Enter opens it.';
  const missing = missingWords(mesh);
  const summary = useMemo(() => summaryWords(mesh, figure), [mesh, figure, beat]);

  const move = (row: number, column: number) => {
    const last = axis.lines.length - 1;
    const place = { row: Math.min(last, Math.max(head, row)), column: Math.min(last, Math.max(head, column)) };
    if (place.row === head && place.column === head) return;
    setCursor(place);
    showPlace(scroller.current, place, cell, heads, shown);
  };
  const open = (place: Place) => openPlace(axis, place, route);

  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = cursor ?? { row: 0, column: axis.lines.length > 1 ? 1 : 0 };
    const far = event.shiftKey ? 10 : 1;
    const last = axis.lines.length - 1;
    const moves: Record<string, () => void> = {
      ArrowUp: () => move(cursor ? at.row - far : at.row, at.column),
      ArrowDown: () => move(cursor ? at.row + far : at.row, at.column),
      ArrowLeft: () => move(at.row, cursor ? at.column - far : at.column),
      ArrowRight: () => move(at.row, cursor ? at.column + far : at.column),
      PageUp: () => move(at.row - 10, at.column),
      PageDown: () => move(at.row + 10, at.column),
      Home: () => move(event.shiftKey ? 0 : at.row, 0),
      End: () => move(event.shiftKey ? last : at.row, last),
      Enter: () => open(at),
      ' ': () => open(at),
      w: () => {
        const place = nextWorst(mesh, axis, figure, cursor);
        if (place) move(place.row, place.column);
      },
      '+': () => setZoom((z) => Math.min(32, z * 1.5)),
      '=': () => setZoom((z) => Math.min(32, z * 1.5)),
      '-': () => setZoom((z) => Math.max(1, z / 1.5)),
      '0': () => setZoom(1),
    };
    const act = moves[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const placeOf = (event: MouseEvent) => {
    const box = canvas.current!.getBoundingClientRect();
    return painter.current?.placeAt(event.clientX - box.left, event.clientY - box.top) ?? null;
  };

  return (
    <section class="matrix" aria-label="Matrix of all ways">
      <div class="matrix-tools">
        <Choices label="Colour" value={figure} options={figures.map((f) => [f, figureNames[f].name, figureNames[f].title])} onChoose={(colour) => go({ colour: colour as Figure }, true)} />
        {axis.blocks.length > 1 && (
          <Choices
            label="Show"
            value={axis.isGrouped ? 'groups' : 'pairs'}
            options={[
              ['groups', 'Groups', 'one cell for all ways between two groups; open a group by its name'],
              ['pairs', 'Every pair', 'one cell for each way'],
            ]}
            onChoose={(show) => go({ show: show as 'pairs' | 'groups', open: [] }, true)}
          />
        )}
        <span class="zoom" role="group" aria-label="Zoom">
          <button type="button" onClick={() => setZoom((z) => Math.max(1, z / 1.5))} disabled={zoom <= 1} aria-label="Smaller cells" title="smaller cells (-)">−</button>
          <button type="button" onClick={() => setZoom((z) => Math.min(32, z * 1.5))} aria-label="Larger cells" title="larger cells (+)">+</button>
        </span>
      </div>
      <div class="matrix-room">
        <div
          class="matrix-scroll"
          ref={scroller}
          style={{ width: `${shown.width}px`, height: `${shown.height}px` }}
          onScroll={(e) => {
            const own = painter.current;
            if (!own) return;
            own.scrollX = e.currentTarget.scrollLeft;
            own.scrollY = e.currentTarget.scrollTop;
            own.schedule();
          }}
        >
          <div style={{ width: `${size.width}px`, height: `${size.height}px` }}>
          <canvas
            ref={canvas}
            tabIndex={0}
            role="application"
            aria-roledescription="matrix"
            aria-label={`${count(axis)}, coloured by ${figureNames[figure].title}. ${summary} Arrow keys move, Enter opens, w goes to the next of the worst.`}
            aria-describedby="matrix-cell"
            style={{ width: `${shown.width}px`, height: `${shown.height}px` }}
            onKeyDown={onKey}
            onFocus={() => {
              if (!cursor && axis.lines.length > 1) setCursor({ row: 0, column: 1 });
              else if (painter.current) {
                painter.current.hasFocus = true;
                painter.current.schedule();
              }
            }}
            onPointerMove={(e) => {
              const place = placeOf(e);
              if (place && (place.row !== cursor?.row || place.column !== cursor?.column)) setCursor(place);
              if (canvas.current) canvas.current.style.cursor = place ? 'pointer' : 'default';
            }}
            onPointerLeave={() => document.activeElement !== canvas.current && setCursor(null)}
            onClick={(e) => {
              const place = placeOf(e);
              if (place) open(place);
            }}
          />
          </div>
        </div>
      </div>
      <p class="matrix-words" id="matrix-cell" aria-live="polite">
        {words ?? hint}
        {exact && <span class="exact"> {exact}</span>}
      </p>
      <Legend figure={figure} theme={theme} />
      {missing && <p class="warning">{missing[0]!.toUpperCase() + missing.slice(1)}.</p>}
      <MatrixTable mesh={mesh} figure={figure} beat={beat} summary={summary} />
    </section>
  );
}

interface ChoicesProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [string, string, string])[];
  readonly onChoose: (value: string) => void;
}

/** A few exclusive choices side by side: radio buttons, for which browsers have arrow keys. */
export function Choices({ label, value, options, onChoose }: ChoicesProps) {
  return (
    <fieldset class="choices">
      <legend>{label}</legend>
      {options.map(([key, name, title]) => (
        <label key={key} title={title} class={key === value ? 'chosen' : ''}>
          <input type="radio" name={label} value={key} checked={key === value} onChange={() => onChoose(key)} />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

function count(axis: Axis): string {
  const nodes = axis.lines.filter((l) => l.node >= 0).length;
  const groups = axis.lines.length - nodes;
  return groups > 0 ? `Matrix of ${groups} groups${nodes > 0 ? ` and ${nodes} nodes` : ''}` : `Matrix of ${nodes} nodes`;
}

function placeWords(mesh: Mesh, axis: Axis, place: Place, figure: Figure, painter: MatrixPainter | null): string {
  const row = axis.lines[place.row];
  const column = axis.lines[place.column];
  if (row && column && row.node >= 0 && column.node >= 0) return cellWords(mesh, row.node, column.node);
  const sum = painter?.sumAt(place);
  if (!sum) return '';
  if (row && column) return sumWords(mesh, `${lineTitle(row)} → ${lineTitle(column)}`, sum, figure);
  const line = row ?? column!;
  const state = line.node >= 0 ? mesh.states[line.node] : undefined;
  const how = state && state !== 'up' && state !== 'unknown' ? ` (${state})` : '';
  return sumWords(mesh, row ? `From ${lineTitle(line)}${how} to all` : `From all to ${lineTitle(line)}${how}`, sum, figure);
}

function summaryWords(mesh: Mesh, figure: Figure): string {
  if (mesh.size > 300) return `${mesh.size} nodes.`;
  const everybody = mesh.names.map((_, i) => i);
  return sumWords(mesh, 'All', sumOf(mesh, everybody, everybody, figure), figure);
}

function openPlace(axis: Axis, place: Place, route: Route): void {
  const row = axis.lines[place.row];
  const column = axis.lines[place.column];
  const name = (i: number) => axis.lines.find((l) => l.node === i)?.label ?? '';
  if (row && column && row.node >= 0 && column.node >= 0) {
    location.hash = linkTo(row.node === column.node ? { page: 'host', host: row.label } : { page: 'pair', from: row.label, to: column.label });
    return;
  }
  const keys = [row, column].filter((l) => l !== undefined && l.node < 0).map((l) => axis.blocks[l!.block]!.key);
  if (keys.length > 0) {
    go({ show: 'groups', open: [...new Set([...route.open, ...keys])] });
    return;
  }
  const line = row ?? column;
  if (line && line.node >= 0) {
    location.hash = linkTo({ page: 'host', host: name(line.node) });
  }
}

/** The cell after the cursor, in reading order, that is as bad as the worst tenth of the bad ones. */
function nextWorst(mesh: Mesh, axis: Axis, figure: Figure, cursor: Place | null): Place | null {
  const size = axis.lines.length;
  const cells: { row: number; column: number; worst: number }[] = [];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const sum = sumOf(mesh, axis.lines[row]!.members, axis.lines[column]!.members, figure);
      if (sum.worst >= 0 && (sum.bad > 0 || sum.cut > 0 || sum.verdicts > 0)) cells.push({ row, column, worst: sum.worst });
    }
  }
  if (cells.length === 0) return null;
  const limit = cells.map((c) => c.worst).sort((a, b) => b - a)[Math.floor(cells.length / 10)]!;
  const worst = cells.filter((c) => c.worst >= limit);
  const at = cursor ? cursor.row * size + cursor.column : -1;
  return worst.find((c) => c.row * size + c.column > at) ?? worst[0]!;
}

function showPlace(scroller: HTMLDivElement | null, place: Place, cell: number, heads: { left: number; top: number; right: number }, shown: { width: number; height: number }): void {
  if (!scroller) return;
  const keep = (at: number, from: number, room: number) => (at < from ? at : at + cell > from + room ? at + cell - room : from);
  if (place.column >= 0) scroller.scrollLeft = keep(place.column * cell, scroller.scrollLeft, shown.width - heads.left - heads.right);
  if (place.row >= 0) scroller.scrollTop = keep(place.row * cell, scroller.scrollTop, shown.height - heads.top);
}

/** The exact figures of the cell under the cursor, of the last seconds, from the node that counted them. */
function useExact(mesh: Mesh, axis: Axis, cursor: Place | null, isLive: boolean, beat: number): string | null {
  const [found, setFound] = useState<{ key: string; words: string | null } | null>(null);
  const kept = useRef<{ from: string; at: number; paths: PathRow[] } | null>(null);
  const from = cursor ? axis.lines[cursor.row]?.node : undefined;
  const to = cursor ? axis.lines[cursor.column]?.node : undefined;
  const isAsked = isLive && mesh.size <= mostExact && from !== undefined && to !== undefined && from >= 0 && to >= 0 && from !== to && mesh.rows[from] !== null;
  const key = isAsked ? `${mesh.names[from]} ${mesh.names[to]}` : '';
  useEffect(() => {
    if (!isAsked) return;
    const abort = new AbortController();
    const timer = setTimeout(() => void look(), found?.key === key ? 0 : dwell);
    const look = async () => {
      const name = mesh.names[from]!;
      try {
        if (kept.current?.from !== name || performance.now() - kept.current.at > 1_500) {
          const document = await ask<PathsDocument>('paths', { node: name }, abort.signal);
          kept.current = { from: name, at: performance.now(), paths: document.paths };
        }
        const path = kept.current.paths.find((p) => p.to === mesh.names[to]);
        setFound({ key, words: exactWords(path?.forward) });
      } catch {
        // The codes' words stand there anyhow.
      }
    };
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [key, Math.floor(beat / 2)]);
  return found && found.key === key && found.words ? `Exactly, in the last seconds: ${found.words}.` : null;
}
