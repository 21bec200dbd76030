/** How large cells are: as many pixels as the room allows, within what can be read and what fills a screen for few. */
export function cellFor(lines: number, width: number, height: number, zoom: number): number {
  if (lines === 0) return 12;
  const fitting = Math.min(width, height) / lines;
  // Small ones in quarters of a pixel: every cell has one at least, so none is lost by it.
  const base = fitting >= 6 ? Math.floor(Math.min(fitting, 72)) : Math.max(1, Math.floor(fitting * 4) / 4);
  return Math.min(96, Math.max(1, Math.round(base * zoom * 4) / 4));
}
