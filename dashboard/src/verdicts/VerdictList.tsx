import type { Verdict } from '../api/documents.ts';
import { linkTo } from '../routes/router.ts';
import { evidenceWords, inOrder, sentence, weightOf, whenWords } from './words.ts';

interface Props {
  readonly verdicts: readonly Verdict[];
  readonly now: number;
  /** Beyond these a link tells that there are more. */
  readonly most?: number;
}

/** What is wrong, a sentence each, the worst first; below it what ended within the last hour. */
export function VerdictList({ verdicts, now, most = 30 }: Props) {
  const ordered = inOrder(verdicts);
  const open = ordered.filter((v) => v.until === null);
  const ended = ordered.filter((v) => v.until !== null);
  return (
    <>
      <ul class="verdicts" aria-label="In force">
        {open.slice(0, most).map((v) => (
          <VerdictCard key={v.id} verdict={v} now={now} />
        ))}
      </ul>
      {open.length > most && <p class="quiet">and {open.length - most} more</p>}
      {ended.length > 0 && (
        <section class="ended" aria-label="Ended within the last hour">
          <h2>Ended within the last hour</h2>
          <ul class="verdicts">
            {ended.slice(0, most).map((v) => (
              <VerdictCard key={v.id} verdict={v} now={now} />
            ))}
          </ul>
          {ended.length > most && <p class="quiet">and {ended.length - most} more</p>}
        </section>
      )}
    </>
  );
}

function VerdictCard({ verdict, now }: { readonly verdict: Verdict; readonly now: number }) {
  const [strongest] = verdict.evidence;
  const kind = verdict.until !== null ? 'past' : weightOf(verdict);
  return (
    <li class={`verdict ${kind}`}>
      <a href={linkTo({ page: 'verdict', id: verdict.id })}>
        <span class="verdict-mark" aria-hidden="true">
          {kind === 'wrong' ? '▲' : kind === 'note' ? '●' : '✓'}
        </span>
        <span class="verdict-text">
          <strong>{sentence(verdict)}</strong>
          <span class="verdict-when">
            {whenWords(verdict, now)} <span class="verdict-kind">{verdict.what}</span>
          </span>
          {kind === 'wrong' && strongest && (
            <span class="verdict-why">
              {evidenceWords(strongest)}, says {strongest.node}
            </span>
          )}
        </span>
      </a>
    </li>
  );
}
