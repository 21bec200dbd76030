import { ApiError, ask } from '../api/client.ts';
import type { MatrixDocument, VerdictsDocument } from '../api/documents.ts';
import { Mesh } from '../matrix/mesh.ts';
import { writeMoment } from '../time/span.ts';
import { past } from './mesh-store.ts';

const hour = 3_600_000;
// Who drags along the time line asks once it rests.
const rest = 150;
// A busy node may not tell its row in time; the one that we ask keeps such an answer for some seconds.
const soonest = 6_000;
const latest = 60_000;

let abort: AbortController | null = null;
let timer = 0;

/** Fetches the mesh as it was; null leaves the past. */
export function lookBack(at: number | null): void {
  abort?.abort();
  clearTimeout(timer);
  if (at === null) {
    past.set({ shown: null });
    return;
  }
  if (past.get().shown?.at === at && past.get().shown?.mesh) return;
  const own = (abort = new AbortController());
  timer = window.setTimeout(() => void load(at, own.signal, soonest), rest);
}

async function load(at: number, signal: AbortSignal, wait: number): Promise<void> {
  const [matrix, verdicts] = await Promise.allSettled([
    ask<MatrixDocument>('matrix', { at: writeMoment(at) }, signal),
    ask<VerdictsDocument>('verdicts', { start: writeMoment(at - hour), end: writeMoment(at + 10_000) }, signal),
  ]);
  if (signal.aborted) return;
  const failed = [matrix, verdicts].find((r) => r.status === 'rejected')?.reason as unknown;
  past.set({
    shown: {
      at,
      mesh: matrix.status === 'fulfilled' ? new Mesh(matrix.value) : null,
      verdicts: verdicts.status === 'fulfilled' ? verdicts.value : null,
      error: failed === undefined ? null : failed instanceof ApiError ? failed.message : 'it could not be read',
    },
  });
  if (matrix.status === 'rejected' || verdicts.status === 'rejected' || (matrix.value.missing ?? []).length > 0) timer = window.setTimeout(() => void load(at, signal, Math.min(latest, wait * 2)), wait);
}
