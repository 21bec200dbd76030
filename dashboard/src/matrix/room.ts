/** How large cells are: as many pixels as the room allows, within what can be read and what fills a screen for few. */
export function cellFor(lines: number, width: number, height: number, zoom: number): number {
  if (lines === 0) return 12;
  const fitting = Math.min(width, height) / lines;
  const base = fitting >= 6 ? Math.floor(Math.min(fitting, 46)) : Math.max(1, fitting >= 2 ? Math.floor(fitting * 2) / 2 : Math.floor(fitting));
  return Math.min(64, Math.max(1, Math.round(base * zoom)));
}
