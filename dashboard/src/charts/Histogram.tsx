import type { HistogramBars } from '../api/documents.ts';
import { useTheme } from '../shell/theme.ts';
import { microseconds } from '../time/words.ts';
import { chartColours } from './colours.ts';

interface Props {
  readonly sets: readonly { readonly label: string; readonly bars: HistogramBars; readonly tone: number }[];
}

const size = { width: 520, height: 130, left: 6, bottom: 20 };

/** How the delays are spread: one column per tenth of a decade, on a logarithmic axis, higher by the root of the count so that rare ones can be seen. */
export function Histogram({ sets }: Props) {
  const theme = useTheme();
  const binned = sets.map((s) => ({ ...s, bins: binsOf(s.bars) }));
  const all = binned.flatMap((s) => [...s.bins.keys()]);
  if (all.length === 0) return <p class="quiet">No delays were counted in this time.</p>;
  const low = Math.min(...all) - 1;
  const high = Math.max(...all) + 2;
  const most = Math.max(...binned.flatMap((s) => [...s.bins.values()]));
  const x = (bin: number) => size.left + ((bin - low) / (high - low)) * (size.width - 2 * size.left);
  const room = size.height - size.bottom;
  const decades = [];
  for (let d = Math.ceil(low / 10); d * 10 <= high; d++) decades.push(d);
  const wide = (x(1) - x(0)) / Math.max(1, sets.length);
  return (
    <figure class="histogram">
      <figcaption>
        {binned.map((s) => (
          <span class="chart-key" key={s.label}>
            <i class="swatch" style={{ background: chartColours[theme][s.tone] }} /> {s.label}: {wordsOf(s.bars)}
          </span>
        ))}
      </figcaption>
      <svg viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={binned.map((s) => `${s.label}: ${wordsOf(s.bars)}`).join('; ')}>
        {decades.map((d) => (
          <g key={d}>
            <line x1={x(d * 10)} x2={x(d * 10)} y1="0" y2={room} class="grid" />
            <text x={x(d * 10)} y={size.height - 5} text-anchor="middle">
              {microseconds(10 ** d)}
            </text>
          </g>
        ))}
        {binned.map((s, i) =>
          [...s.bins].map(([bin, count]) => {
            const height = Math.max(2, Math.sqrt(count / most) * (room - 4));
            return (
              <rect key={`${i} ${bin}`} x={x(bin) + i * wide} width={Math.max(1, wide - 0.7)} y={room - height} height={height} fill={chartColours[theme][s.tone]}>
                <title>{`${s.label}: ${count.toLocaleString('en-GB')} between ${microseconds(10 ** (bin / 10))} and ${microseconds(10 ** ((bin + 1) / 10))}`}</title>
              </rect>
            );
          }),
        )}
        <line x1="0" x2={size.width} y1={room} y2={room} class="grid" />
      </svg>
    </figure>
  );
}

function binsOf(bars: HistogramBars): Map<number, number> {
  const bins = new Map<number, number>();
  for (const [upper, count] of bars) {
    if (count <= 0) continue;
    const bin = Math.floor(10 * Math.log10(Math.max(1, upper)));
    bins.set(bin, (bins.get(bin) ?? 0) + count);
  }
  return bins;
}

function wordsOf(bars: HistogramBars): string {
  const all = bars.reduce((sum, [, count]) => sum + count, 0);
  if (all === 0) return 'none';
  const at = (share: number) => {
    let seen = 0;
    for (const [upper, count] of bars) {
      seen += count;
      if (seen >= share * all) return microseconds(upper);
    }
    return microseconds(bars[bars.length - 1]![0]);
  };
  return `${all.toLocaleString('en-GB')} packets, half within ${at(0.5)}, 99 % within ${at(0.99)}, the longest ${at(1)}`;
}
