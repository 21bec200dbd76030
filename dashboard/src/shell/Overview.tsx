import { useEffect } from 'preact/hooks';
import { lookBack } from '../live/past.ts';
import { nodeNow, past, seen } from '../live/mesh-store.ts';
import { useStore } from '../live/store.ts';
import { MatrixView } from '../matrix/MatrixView.tsx';
import type { Route } from '../routes/route.ts';
import { linkTo } from '../routes/router.ts';
import { clock } from '../time/words.ts';
import { VerdictList } from '../verdicts/VerdictList.tsx';
import { answer, asOf } from '../verdicts/words.ts';

/** What is wrong, and the matrix; now, or as it was. */
export function Overview({ route, isLarge }: { readonly route: Route; readonly isLarge: boolean }) {
  const live = useStore(seen, (s) => s);
  const shown = useStore(past, (p) => p.shown);
  const { at } = route.time;
  useEffect(() => {
    lookBack(at);
  }, [at]);
  useEffect(() => () => lookBack(null), []);
  const isLive = at === null;
  // While a moment is looked up the one before it stays, greyed: it must not pass for the other.
  const isLookedUp = isLive || shown?.at === at;
  const mesh = isLive ? live.mesh : (shown?.mesh ?? null);
  const now = isLive ? nodeNow() : at;
  const raw = isLive ? live.verdicts?.verdicts : isLookedUp ? shown?.verdicts?.verdicts : undefined;
  const verdicts = raw === undefined ? null : isLive ? raw : asOf(raw, at);
  const said = answer(verdicts, isLive ? (live.nodes?.nodes ?? null) : []);
  const words = isLive ? said.text : pastWords(said.text, at);
  return (
    <div class={`overview ${isLarge ? 'large' : ''} ${isLookedUp || mesh === null ? '' : 'loading'}`}>
      <section class="answer" aria-label="What is wrong">
        <h1 class={`headline ${said.level}`}>
          <span class="headline-mark" aria-hidden="true">
            {{ wrong: '▲', note: '●', well: '✓', unknown: '…' }[said.level]}
          </span>
          <span>{isLarge ? <a href={linkTo({ page: 'overview' })}>{words}</a> : words}</span>
        </h1>
        {isLive && <p class="lead">{said.more}</p>}
        {!isLive && isLookedUp && shown?.error && <p class="warning">Of that moment not all is known: {shown.error}.</p>}
        {!isLarge && verdicts && <VerdictList verdicts={verdicts} now={now} />}
      </section>
      {mesh && mesh.size > 0 ? (
        <MatrixView mesh={mesh} route={route} isLive={isLive} isLarge={isLarge} />
      ) : (
        <section class="matrix empty" aria-label="Matrix">
          <p>{mesh ? 'This node knows no other yet.' : isLive ? 'asking for the matrix…' : shown?.error ? 'No matrix of that moment.' : 'looking it up…'}</p>
        </section>
      )}
    </div>
  );
}

function pastWords(text: string, at: number): string {
  const was: Record<string, string> = { 'All is well': 'All was well', 'One thing is wrong': 'One thing was wrong', 'Nothing is wrong': 'Nothing was wrong', 'Nothing is known yet': 'Looking it up' };
  return `${clock(at, nodeNow())}: ${was[text] ?? text.replace(' are wrong', ' were wrong')}`;
}
