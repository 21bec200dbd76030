import { useMemo, useState } from 'preact/hooks';
import type { Figure } from '../api/codes.ts';
import { linkTo } from '../routes/router.ts';
import { Look, lookAt, type Mesh } from './mesh.ts';
import { figureNames, lookWords } from './words.ts';

const mostShown = 40;
const mostWhole = 24;

interface Props {
  readonly mesh: Mesh;
  readonly figure: Figure;
  readonly beat: number;
  readonly summary: string;
}

/** The matrix as a table: the worst ways, and in a small mesh all of them. For who can't see the picture, or wants to copy it. */
export function MatrixTable({ mesh, figure, beat, summary }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="as-table" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>The same as a table</summary>
      {isOpen && (
        <>
          <p>{summary}</p>
          <Worst mesh={mesh} figure={figure} beat={beat} />
          {mesh.size <= mostWhole && <Whole mesh={mesh} figure={figure} />}
        </>
      )}
    </details>
  );
}

function Worst({ mesh, figure, beat }: Omit<Props, 'summary'>) {
  const rows = useMemo(() => worstOf(mesh, figure), [mesh, figure, beat]);
  if (rows.length === 0) return <p>No way has a figure above the least.</p>;
  return (
    <table>
      <caption>The worst ways, {figureNames[figure].title}</caption>
      <thead>
        <tr>
          <th scope="col">from</th>
          <th scope="col">to</th>
          <th scope="col">{figureNames[figure].name}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ from, to, look }) => (
          <tr key={`${from} ${to}`}>
            <td>{mesh.names[from]}</td>
            <td>{mesh.names[to]}</td>
            <td>
              <a href={linkTo({ page: 'pair', from: mesh.names[from]!, to: mesh.names[to]! })}>{lookWords(look, figure)}</a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function worstOf(mesh: Mesh, figure: Figure): { from: number; to: number; look: number }[] {
  let found: { from: number; to: number; look: number }[] = [];
  mesh.rows.forEach((row, from) => {
    if (!row) return;
    for (let to = 0; to < mesh.size; to++) {
      const { look } = lookAt(row, to, figure);
      if (to === from || look === Look.none || look === Look.maintenance || (figure === 'loss' && look === 0)) continue;
      found.push({ from, to, look });
    }
    if (found.length > 20_000) found = worst(found);
  });
  return worst(found);
}

function worst<T extends { look: number }>(found: T[]): T[] {
  return found.sort((a, b) => b.look - a.look).slice(0, mostShown);
}

function Whole({ mesh, figure }: { readonly mesh: Mesh; readonly figure: Figure }) {
  return (
    <div class="wide">
      <table>
        <caption>All ways, {figureNames[figure].title}: a row is a sender, a column a receiver</caption>
        <thead>
          <tr>
            <td />
            {mesh.names.map((n) => (
              <th scope="col" key={n}>
                {n}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {mesh.names.map((n, from) => (
            <tr key={n}>
              <th scope="row">{n}</th>
              {mesh.names.map((m, to) => (
                <td key={m}>{from === to ? '' : lookWords(lookAt(mesh.rows[from] ?? null, to, figure).look, figure)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
