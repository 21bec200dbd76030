import { CellState, noData, type Figure } from '../api/codes.ts';
import { commonBeginning, mostPairs, type Axis, type Line } from './axis.ts';
import { coloursOf, css, luminance, palettes, pixel, pixelsOf, type Palette, type Theme } from './colours.ts';
import { frames } from './frames.ts';
import { badness, Look, lookOf, type Mesh } from './mesh.ts';
import { marginOf, sumOf, type Sum } from './sums.ts';

/** A place in the picture: a cell, the head of a row or column, or the head of a group. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/** Number of a row or column that stands for a head. */
export const head = -1;

interface Hatches {
  readonly theme: Theme;
  readonly none: CanvasPattern | null;
  readonly maintenance: CanvasPattern | null;
}

const strip = 9;
// What of a frame's 16 ms goes to news; what is left over is for the next frame.
const budget = 5;
const smallestMarked = 7;
const smallestLabelled = 10;

/**
 * Draws the matrix.
 *
 * A thousand nodes are a million cells, a second's news may be all of them, and a frame has 16 ms. So cells are pixels of a bitmap, one each, in which
 * only changed rows are written again, as many in a frame as there is time for; the picture is that bitmap, enlarged by the browser. What needs more than a pixel (hatching, marks, names) is drawn over it, only where it can be
 * seen and only where cells are large enough to hold it, which bounds it by the size of the screen and not by that of the mesh.
 */
export class MatrixPainter {
  private readonly context: CanvasRenderingContext2D;
  private readonly bitmap = document.createElement('canvas');
  private pixels = new ImageData(1, 1);
  private words = new Uint32Array(1);
  private looks = new Uint8Array(1);
  private flags = new Uint8Array(1);
  private sums: (Sum | null)[] = [];
  private rowMargins: (Sum | null)[] = [];
  private columnMargins: (Sum | null)[] = [];
  private readonly dirty = new Set<number>();
  private marginsAt = 0;
  private nextMargin = Number.MAX_SAFE_INTEGER;
  private areMarginsOld = true;
  private scheduled = 0;
  private everybody: number[] = [];
  private hatches: Hatches | null = null;
  private shortening = 0;

  mesh: Mesh | null = null;
  axis: Axis | null = null;
  figure: Figure = 'loss';
  theme: Theme = 'light';
  cursor: Place | null = null;
  hasFocus = false;
  cell = 12;
  /** Room for the names, left and above. */
  left = 0;
  top = 0;
  /** Room for the names of groups, right. */
  right = 0;
  scrollX = 0;
  scrollY = 0;
  /** True where names leave out what all have in common. */
  isNarrow = false;

  constructor(readonly canvas: HTMLCanvasElement) {
    // Without alpha the browser need not mix it with what is beneath.
    this.context = canvas.getContext('2d', { alpha: false })!;
  }

  /** Another mesh or order, figure or theme: everything is new. */
  reset(): void {
    const { mesh, axis } = this;
    if (!mesh || !axis) return;
    const size = Math.max(1, axis.lines.length);
    if (this.pixels.width !== size) {
      this.bitmap.width = size;
      this.bitmap.height = size;
      this.pixels = new ImageData(size, size);
      this.words = new Uint32Array(this.pixels.data.buffer);
      this.looks = new Uint8Array(size * size);
      this.flags = new Uint8Array(size * size);
    }
    this.sums = axis.isGrouped ? new Array<Sum | null>(size * size).fill(null) : [];
    this.rowMargins = new Array<Sum | null>(size).fill(null);
    this.columnMargins = new Array<Sum | null>(size).fill(null);
    this.everybody = mesh.names.map((_, i) => i);
    this.shortening = this.isNarrow ? commonBeginning(mesh.names).length : 0;
    for (let line = 0; line < axis.lines.length; line++) this.dirty.add(line);
    this.areMarginsOld = true;
    this.marginsAt = -10_000;
    this.nextMargin = Number.MAX_SAFE_INTEGER;
    this.schedule();
  }

  /** Rows of some nodes are others now. */
  changed(nodes: Iterable<number>): void {
    const { axis } = this;
    if (!axis) return;
    for (const node of nodes) {
      const line = axis.lineOf[node];
      if (line !== undefined) this.dirty.add(line);
    }
    this.areMarginsOld = true;
    this.schedule();
  }

  /** Draws within the next frame. */
  schedule(): void {
    this.scheduled ||= requestAnimationFrame(() => {
      this.scheduled = 0;
      const began = performance.now();
      this.paint();
      frames.add(performance.now() - began);
    });
  }

  dispose(): void {
    cancelAnimationFrame(this.scheduled);
  }

  /** How much room names need for cells of a size. */
  measure(mesh: Mesh, axis: Axis, width: number): { left: number; top: number; right: number } {
    this.isNarrow = width < 620;
    this.shortening = this.isNarrow ? commonBeginning(mesh.names).length : 0;
    this.context.font = fontOf(12);
    // Where cells are too small for the names of nodes, those of groups stand there.
    const isLong = axis.lines.length > mostPairs;
    const names = isLong && axis.blocks.length > 1 ? axis.blocks.map((b) => b.label) : axis.lines.map((l) => this.labelOf(l));
    const sample = names.length > 200 ? names.filter((_, i) => i % Math.ceil(names.length / 200) === 0) : names;
    const widest = Math.min(170, Math.max(24, ...sample.map((n) => this.context.measureText(n).width)));
    const blocks = axis.blocks.filter((b) => b.isOpen && b.label !== '' && axis.blocks.length > 1).map((b) => b.label);
    const right = this.isNarrow || isLong || blocks.length === 0 ? 0 : Math.min(150, 16 + Math.ceil(Math.max(...blocks.map((b) => this.context.measureText(b).width))));
    return { left: Math.ceil(widest) + strip + 14, top: Math.ceil(Math.min(widest, 130)) + strip + 14, right };
  }

  /** What is at a point of the canvas, in CSS pixels; null beside everything. */
  placeAt(x: number, y: number): Place | null {
    const size = this.axis?.lines.length ?? 0;
    const column = x < this.left ? head : Math.floor((x - this.left + this.scrollX) / this.cell);
    const row = y < this.top ? head : Math.floor((y - this.top + this.scrollY) / this.cell);
    return column >= size || row >= size || (row === head && column === head) ? null : { row, column };
  }

  /** The sum behind a cell of groups, or behind a margin. */
  sumAt(place: Place): Sum | null {
    const { mesh, axis } = this;
    if (!mesh || !axis) return null;
    const row = axis.lines[place.row];
    const column = axis.lines[place.column];
    if (row && column) return sumOf(mesh, row.members, column.members, this.figure);
    if (row) return marginOf(mesh, row, this.everybody, this.figure, true);
    return column ? marginOf(mesh, column, this.everybody, this.figure, false) : null;
  }

  private paint(): void {
    const { mesh, axis, context } = this;
    if (!mesh || !axis) return;
    this.writeRows(mesh, axis);
    this.refreshMargins(mesh, axis);
    const scale = window.devicePixelRatio || 1;
    const width = this.canvas.width / scale;
    const height = this.canvas.height / scale;
    const palette = palettes[this.theme];
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.fillStyle = palette.ground;
    context.fillRect(0, 0, width, height);
    const size = axis.lines.length;
    const first = { x: Math.floor(this.scrollX / this.cell), y: Math.floor(this.scrollY / this.cell) };
    const last = { x: Math.min(size, Math.ceil((this.scrollX + width - this.left) / this.cell)), y: Math.min(size, Math.ceil((this.scrollY + height - this.top) / this.cell)) };
    context.save();
    context.beginPath();
    context.rect(this.left, this.top, width - this.left, height - this.top);
    context.clip();
    context.imageSmoothingEnabled = false;
    context.drawImage(this.bitmap, this.left - this.scrollX, this.top - this.scrollY, size * this.cell, size * this.cell);
    if (this.cell >= smallestMarked) this.drawMarks(palette, first, last);
    this.drawSeparators(axis, palette);
    this.drawCursorCell(palette);
    context.restore();
    this.drawHeads(axis, palette, first, last, width, height);
    if (this.right > 0) this.drawGroups(axis, palette, width, height);
  }

  /** Writes the changed rows' cells into the bitmap. */
  private writeRows(mesh: Mesh, axis: Axis): void {
    if (this.dirty.size === 0) return;
    const size = axis.lines.length;
    const colours = coloursOf(this.figure, this.theme);
    const lut = pixelsOf(colours);
    const alarm = pixel(palettes[this.theme].alarm);
    const hatch = pixel(palettes[this.theme].noneHatch);
    const isTiny = this.cell < smallestMarked;
    let low = size;
    let high = -1;
    const until = performance.now() + budget;
    for (const r of this.dirty) {
      this.dirty.delete(r);
      const line = axis.lines[r];
      if (!line) continue;
      low = Math.min(low, r);
      high = Math.max(high, r);
      if (line.node >= 0 && !axis.isGrouped) this.writeRow(mesh, axis, r, line.node);
      else this.writeSums(mesh, axis, r, line);
      const start = r * size;
      for (let c = 0; c < size; c++) {
        const look = this.looks[start + c]!;
        // Cells too small for hatching or a frame show it by pixels: every other one for no data, the alarm's colour for a verdict on what looks fine.
        const isNamed = isTiny && this.flags[start + c] !== 0 && badness(look, this.figure) === 0;
        this.words[start + c] = isNamed ? alarm : isTiny && look === Look.none && ((r + c) & 1) === 1 ? hatch : lut[look]!;
      }
      if (performance.now() > until) break;
    }
    if (this.dirty.size > 0) this.schedule();
    if (high >= low) this.bitmap.getContext('2d')!.putImageData(this.pixels, 0, 0, 0, low, size, high - low + 1);
  }

  private writeRow(mesh: Mesh, axis: Axis, r: number, from: number): void {
    const size = axis.lines.length;
    const row = mesh.rows[from];
    const codes = row?.bytes(this.figure);
    const states = row?.state;
    for (let c = 0; c < size; c++) {
      const to = axis.lines[c]!.node;
      const state = states?.[to] ?? CellState.unknown;
      this.looks[r * size + c] = from === to ? Look.self : lookOf(state, codes?.[to] ?? noData);
      this.flags[r * size + c] = state === CellState.verdict && from !== to ? 1 : 0;
    }
  }

  private writeSums(mesh: Mesh, axis: Axis, r: number, line: Line): void {
    const size = axis.lines.length;
    for (let c = 0; c < size; c++) {
      const other = axis.lines[c]!;
      const sum = sumOf(mesh, line.members, other.members, this.figure);
      this.sums[r * size + c] = sum;
      this.looks[r * size + c] = sum.look;
      this.flags[r * size + c] = sum.verdicts > 0 ? 1 : 0;
    }
  }

  /** Rows and columns as a whole; of a large mesh begun once a second at most, and some in each frame, as each is a walk over many cells. */
  private refreshMargins(mesh: Mesh, axis: Axis): void {
    const began = performance.now();
    const size = axis.lines.length;
    if (this.nextMargin >= 2 * size) {
      if (!this.areMarginsOld) return;
      if (began - this.marginsAt < (mesh.size > 150 ? 1_000 : 0)) return;
      this.nextMargin = 0;
      this.areMarginsOld = false;
      this.marginsAt = began;
    }
    while (this.nextMargin < 2 * size && performance.now() < began + budget) {
      const i = this.nextMargin >> 1;
      const line = axis.lines[i]!;
      if ((this.nextMargin & 1) === 0) this.rowMargins[i] = marginOf(mesh, line, this.everybody, this.figure, true);
      else this.columnMargins[i] = marginOf(mesh, line, this.everybody, this.figure, false);
      this.nextMargin++;
    }
    if (this.nextMargin < 2 * size) this.schedule();
  }

  private drawMarks(palette: Palette, first: { x: number; y: number }, last: { x: number; y: number }): void {
    const { context, cell } = this;
    const size = this.axis!.lines.length;
    const hatches = this.patterns(palette);
    const colours = coloursOf(this.figure, this.theme);
    const diagonal = css(colours[0]!);
    for (let r = first.y; r < last.y; r++) {
      const y = this.top - this.scrollY + r * cell;
      for (let c = first.x; c < last.x; c++) {
        const look = this.looks[r * size + c]!;
        const x = this.left - this.scrollX + c * cell;
        const pattern = look === Look.none ? hatches.none : look === Look.maintenance ? hatches.maintenance : null;
        if (pattern) {
          context.fillStyle = pattern;
          context.fillRect(x, y, cell, cell);
        }
        const sum = this.sums[r * size + c];
        const bad = badness(sum ? (sum.worst < 0 ? Look.none : sum.worst) : look, this.figure);
        if (bad !== 0) this.drawMark(bad, x, y, look === Look.cut ? palette.cutMark : luminance(colours[look]!) > 0.3 ? '#15191f' : '#ffffff');
        if (look === Look.self) {
          context.strokeStyle = diagonal;
          context.lineWidth = 1;
          context.beginPath();
          context.moveTo(x + cell * 0.3, y + cell * 0.3);
          context.lineTo(x + cell * 0.7, y + cell * 0.7);
          context.stroke();
        }
      }
    }
    if (cell >= 9) this.drawGrid(palette, first, last);
    for (let r = first.y; r < last.y; r++) {
      for (let c = first.x; c < last.x; c++) {
        if (this.flags[r * size + c] !== 0) this.drawEdges(palette, size, r, c);
      }
    }
  }

  /** A dot, a diamond, a cross: what is bad can be told without its colour. */
  private drawMark(bad: 1 | 2 | 3, x: number, y: number, colour: string): void {
    const { context, cell } = this;
    const middle = { x: x + cell / 2, y: y + cell / 2 };
    const size = Math.max(1.4, Math.min(cell * 0.16, 5));
    context.fillStyle = colour;
    context.strokeStyle = colour;
    context.beginPath();
    if (bad === 1) {
      context.arc(middle.x, middle.y, size, 0, 2 * Math.PI);
      context.fill();
    } else if (bad === 2) {
      const wide = size * 1.7;
      context.moveTo(middle.x, middle.y - wide);
      context.lineTo(middle.x + wide, middle.y);
      context.lineTo(middle.x, middle.y + wide);
      context.lineTo(middle.x - wide, middle.y);
      context.fill();
    } else {
      const wide = size * 1.5;
      context.lineWidth = Math.max(1.2, size * 0.6);
      context.moveTo(middle.x - wide, middle.y - wide);
      context.lineTo(middle.x + wide, middle.y + wide);
      context.moveTo(middle.x + wide, middle.y - wide);
      context.lineTo(middle.x - wide, middle.y + wide);
      context.stroke();
    }
  }

  /** What a verdict concerns is framed as a whole, a row or a block and not each of its cells: an edge is drawn where the neighbour is none of it. */
  private drawEdges(palette: Palette, size: number, r: number, c: number): void {
    const { context, cell } = this;
    const wide = cell >= 14 ? 2 : 1.5;
    const x = this.left - this.scrollX + c * cell;
    const y = this.top - this.scrollY + r * cell;
    const isFlagged = (row: number, column: number) => row >= 0 && column >= 0 && row < size && column < size && this.flags[row * size + column] !== 0;
    context.fillStyle = palette.verdict;
    if (!isFlagged(r - 1, c)) context.fillRect(x, y, cell, wide);
    if (!isFlagged(r + 1, c)) context.fillRect(x, y + cell - wide, cell, wide);
    if (!isFlagged(r, c - 1)) context.fillRect(x, y, wide, cell);
    if (!isFlagged(r, c + 1)) context.fillRect(x + cell - wide, y, wide, cell);
  }

  private drawGrid(palette: Palette, first: { x: number; y: number }, last: { x: number; y: number }): void {
    const { context, cell } = this;
    context.fillStyle = palette.ground;
    const gap = cell >= 16 ? 2 : 1;
    for (let c = first.x; c <= last.x; c++) context.fillRect(this.left - this.scrollX + c * cell - gap / 2, this.top, gap, (last.y * cell) - this.scrollY);
    for (let r = first.y; r <= last.y; r++) context.fillRect(this.left, this.top - this.scrollY + r * cell - gap / 2, (last.x * cell) - this.scrollX, gap);
  }

  private drawSeparators(axis: Axis, palette: Palette): void {
    const { context, cell } = this;
    const size = axis.lines.length * cell;
    let before: string | null | undefined;
    for (const block of axis.blocks) {
      const isDatacenter = before !== undefined && block.datacenter !== before;
      if (block.first > 0 && (isDatacenter || cell >= 4)) {
        const at = block.first * cell;
        const wide = isDatacenter ? Math.min(3, 1 + cell / 6) : 1;
        context.fillStyle = isDatacenter ? palette.faint : palette.line;
        context.fillRect(this.left - this.scrollX + at - wide / 2, this.top - this.scrollY, wide, size);
        context.fillRect(this.left - this.scrollX, this.top - this.scrollY + at - wide / 2, size, wide);
      }
      before = block.datacenter;
    }
  }

  private drawCursorCell(palette: Palette): void {
    const { context, cell, cursor } = this;
    if (!cursor || cursor.row < 0 || cursor.column < 0) return;
    const x = this.left - this.scrollX + cursor.column * cell;
    const y = this.top - this.scrollY + cursor.row * cell;
    context.strokeStyle = palette.ink;
    context.globalAlpha = 0.35;
    context.lineWidth = 1;
    context.strokeRect(this.left, y - 0.5, x - this.left, cell + 1);
    context.strokeRect(x - 0.5, this.top, cell + 1, y - this.top);
    context.globalAlpha = 1;
    context.lineWidth = this.hasFocus ? 3 : 2;
    context.strokeStyle = palette.ground;
    context.strokeRect(x - 3, y - 3, cell + 6, cell + 6);
    context.strokeStyle = palette.accent;
    context.strokeRect(x - 1, y - 1, cell + 2, cell + 2);
  }

  /** Names and margins; over the cells where those are scrolled. */
  private drawHeads(axis: Axis, palette: Palette, first: { x: number; y: number }, last: { x: number; y: number }, width: number, height: number): void {
    const { context, cell } = this;
    const colours = coloursOf(this.figure, this.theme).map(css);
    const hatches = this.patterns(palette);
    context.save();
    context.beginPath();
    context.rect(0, this.top, this.left, height - this.top);
    context.clip();
    const byBlock = cell < smallestLabelled;
    context.font = this.font();
    context.textBaseline = 'middle';
    context.textAlign = 'right';
    for (let r = first.y; r < last.y; r++) {
      const y = this.top - this.scrollY + r * cell;
      this.drawMargin(this.rowMargins[r] ?? null, colours, hatches, this.left - strip - 3, y, strip, cell, palette);
      if (!byBlock) this.drawName(axis.lines[r]!, this.left - strip - 9, y + cell / 2, this.cursor?.row === r, palette, this.left - strip - 12);
    }
    if (byBlock) for (const block of axis.blocks) this.drawBlockName(block.label, block.lines * cell, () => context.fillText(fit(context, block.label, this.left - strip - 14), this.left - strip - 9, this.top - this.scrollY + (block.first + block.lines / 2) * cell), palette);
    context.restore();
    context.save();
    context.beginPath();
    context.rect(this.left, 0, width - this.left, this.top);
    context.clip();
    context.font = this.font();
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    const turned = (x: number, draw: () => void) => {
      context.save();
      context.translate(x, this.top - strip - 9);
      context.rotate(-Math.PI / 2);
      draw();
      context.restore();
    };
    for (let c = first.x; c < last.x; c++) {
      const x = this.left - this.scrollX + c * cell;
      this.drawMargin(this.columnMargins[c] ?? null, colours, hatches, x, this.top - strip - 3, cell, strip, palette);
      if (!byBlock) turned(x + cell / 2, () => this.drawName(axis.lines[c]!, 0, 0, this.cursor?.column === c, palette, this.top - strip - 12));
    }
    if (byBlock) for (const block of axis.blocks) this.drawBlockName(block.label, block.lines * cell, () => turned(this.left - this.scrollX + (block.first + block.lines / 2) * cell, () => context.fillText(fit(context, block.label, this.top - strip - 14), 0, 0)), palette);
    context.restore();
    context.fillStyle = palette.faint;
    context.font = this.font();
    context.textAlign = 'right';
    context.textBaseline = 'alphabetic';
    if (this.left > 76) {
      context.fillText('to →', this.left - strip - 9, this.top - strip - 14);
      context.fillText('from ↓', this.left - strip - 9, this.top - 5);
    }
  }

  /** Which rows belong together, at their right. */
  private drawGroups(axis: Axis, palette: Palette, width: number, height: number): void {
    const { context, cell } = this;
    const x = Math.min(width - this.right, this.left - this.scrollX + axis.lines.length * cell);
    context.save();
    context.beginPath();
    context.rect(x, this.top, this.right, height - this.top);
    context.clip();
    context.fillStyle = palette.ground;
    context.fillRect(x, this.top, this.right, height - this.top);
    context.font = fontOf(11);
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    for (const block of axis.blocks) {
      const from = this.top - this.scrollY + block.first * cell;
      const room = block.lines * cell;
      if (!block.isOpen || room < 9) continue;
      context.fillStyle = palette.faint;
      context.fillRect(x + 5, from + 1, 2, room - 2);
      context.fillText(fit(context, block.label, this.right - 14), x + 12, from + room / 2);
    }
    context.restore();
  }

  private drawName(line: Line, x: number, y: number, isMarked: boolean, palette: Palette, room: number): void {
    const { context } = this;
    context.fillStyle = isMarked ? palette.accent : line.node < 0 ? palette.ink : this.isSilent(line) ? palette.faint : palette.ink;
    const name = fit(context, this.labelOf(line), room);
    context.fillText(name, x, y);
    if (!this.isSilent(line)) return;
    // Who does not answer has its name struck through.
    const length = context.measureText(name).width;
    context.fillRect(context.textAlign === 'right' ? x - length : x, y - 0.5, length, 1);
  }

  private drawBlockName(label: string, room: number, draw: () => void, palette: Palette): void {
    if (room < 12 || label === '') return;
    this.context.fillStyle = palette.ink;
    draw();
  }

  private drawMargin(sum: Sum | null, colours: readonly string[], hatches: Hatches, x: number, y: number, width: number, height: number, palette: Palette): void {
    const { context } = this;
    const gap = this.cell >= 9 ? 1 : 0;
    const look = sum?.middle ?? Look.none;
    context.fillStyle = colours[look] ?? palette.none;
    context.fillRect(x, y + gap / 2, width - (width === strip ? 0 : gap), height - (width === strip ? gap : 0));
    const pattern = look === Look.none ? hatches.none : look === Look.maintenance ? hatches.maintenance : null;
    if (pattern) {
      context.fillStyle = pattern;
      context.fillRect(x, y, width, height);
    }
  }

  private isSilent(line: Line): boolean {
    const state = line.node >= 0 ? this.mesh?.states[line.node] : undefined;
    return state !== undefined && state !== 'up' && state !== 'unknown';
  }

  private labelOf(line: Line): string {
    if (line.node < 0) return `▸ ${line.label}`;
    return this.shortening > 3 ? `…${line.label.slice(this.shortening)}` : line.label;
  }

  private font(): string {
    return fontOf(this.cell >= 18 ? 12 : 11);
  }

  private patterns(palette: Palette): Hatches {
    if (this.hatches?.theme === this.theme) return this.hatches;
    const scale = window.devicePixelRatio || 1;
    const make = (colour: string, draw: (context: CanvasRenderingContext2D) => void) => {
      const tile = document.createElement('canvas');
      tile.width = tile.height = 6 * scale;
      const context = tile.getContext('2d')!;
      context.scale(scale, scale);
      context.strokeStyle = colour;
      context.lineWidth = 1;
      context.beginPath();
      draw(context);
      context.stroke();
      const pattern = this.context.createPattern(tile, 'repeat');
      pattern?.setTransform(new DOMMatrix().scale(1 / scale));
      return pattern;
    };
    const none = make(palette.noneHatch, (c) => {
      for (const i of [-6, 0, 6]) {
        c.moveTo(i - 1, 7);
        c.lineTo(i + 7, -1);
      }
    });
    const maintenance = make(palette.maintenanceStripe, (c) => {
      c.moveTo(0, 1.5);
      c.lineTo(6, 1.5);
    });
    return (this.hatches = { theme: this.theme, none, maintenance });
  }
}

function fontOf(size: number): string {
  return `${size}px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif`;
}

function fit(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(`${text.slice(0, middle)}…`).width <= room) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low)}…`;
}
