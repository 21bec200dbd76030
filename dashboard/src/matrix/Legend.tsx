import { useEffect, useRef } from 'preact/hooks';
import { delayCode, lossCode, ratioCode, type Figure } from '../api/codes.ts';
import { microseconds, percent } from '../time/words.ts';
import { coloursOf, css, domains, palettes, type Theme } from './colours.ts';
import { Look } from './mesh.ts';
import { figureNames } from './words.ts';

const bar = { width: 220, height: 12 };

/** What the colours and marks mean, with units. */
export function Legend({ figure, theme }: { readonly figure: Figure; readonly theme: Theme }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scale = scaleOf(figure);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const colours = coloursOf(figure, theme);
    for (let x = 0; x < bar.width; x++) {
      context.fillStyle = css(colours[Math.round(scale.low + ((scale.high - scale.low) * x) / (bar.width - 1))]!);
      context.fillRect(x, 0, 1, bar.height);
    }
  }, [figure, theme]);
  const colours = coloursOf(figure, theme);
  const palette = palettes[theme];
  const swatch = (look: number) => ({ background: css(colours[look]!) });
  return (
    <div class="legend" role="note" aria-label={`Legend: ${figureNames[figure].title}`}>
      <span class="legend-title">{figureNames[figure].title}</span>
      {figure === 'loss' && (
        <span class="key">
          <i class="swatch" style={swatch(0)} /> none
        </span>
      )}
      <span class="legend-bar">
        <canvas ref={canvas} width={bar.width} height={bar.height} aria-hidden="true" />
        <span class="legend-ticks">
          {scale.ticks.map(([text, code]) => (
            <span key={text} style={{ left: `${(100 * (code - scale.low)) / (scale.high - scale.low)}%` }}>
              {text}
            </span>
          ))}
        </span>
      </span>
      {scale.marks.map(([mark, text]) => (
        <span class="key" key={text}>
          <b aria-hidden="true">{mark}</b> {text}
        </span>
      ))}
      <span class="key">
        <i class="swatch cross" style={{ background: palette.cut, color: palette.cutMark }}>
          ×
        </i>{' '}
        cut
      </span>
      <span class="key">
        <i class="swatch hatched" style={{ '--hatch': palette.noneHatch, background: undefined } as never} /> no data
      </span>
      <span class="key">
        <i class="swatch striped" style={{ ...swatch(Look.maintenance), '--hatch': palette.maintenanceStripe } as never} /> maintenance
      </span>
      <span class="key">
        <i class="swatch framed" /> named by a verdict
      </span>
    </div>
  );
}

interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly (readonly [string, number])[];
  readonly marks: readonly (readonly [string, string])[];
}

function scaleOf(figure: Figure): Scale {
  switch (figure) {
    case 'loss':
      return { ...domains.loss, ticks: [1e-4, 1e-3, 1e-2, 1e-1, 1].map((l) => [percent(l).replace(' ', ''), lossCode(l)] as const), marks: [['•', 'from 0.1 %'], ['◆', 'from 5 %']] };
    case 'ratio':
      return { low: domains.ratio.low, high: domains.ratio.high, ticks: ([['¼', 0.25], ['usual', 1], ['3×', 3], ['10×', 10], ['30×', 30]] as const).map(([t, r]) => [t, ratioCode(r)] as const), marks: [['•', 'from 3×'], ['◆', 'from 10×']] };
    default:
      return { ...domains.delay, ticks: [100, 1_000, 10_000, 100_000, 1_000_000].map((us) => [microseconds(us), delayCode(us)] as const), marks: [['•', 'from 10 ms'], ['◆', 'from 100 ms']] };
  }
}
