import type { MatrixDocument, NodesDocument, VerdictsDocument } from '../api/documents.ts';
import type { Mesh } from '../matrix/mesh.ts';
import { Store } from './store.ts';

export type Phase = 'connecting' | 'live' | 'lost' | 'locked';

/** How it stands with the node that serves this page. */
export interface Link {
  readonly phase: Phase;
  /** When something came last, by this browser's clock; null: nothing yet. */
  readonly heardAt: number | null;
  /** When it is tried again. */
  readonly retryAt: number | null;
  readonly error: string | null;
}

export const link = new Store<Link>({ phase: 'connecting', heardAt: null, retryAt: null, error: null });

/** What the mesh is and was: the live documents, and those of the moment in the past that is looked at. */
export interface Seen {
  readonly nodes: NodesDocument | null;
  readonly verdicts: VerdictsDocument | null;
  readonly mesh: Mesh | null;
  /** The node's clock minus ours, in ms, as good as a message's way allows. */
  readonly clockLead: number;
}

export const seen = new Store<Seen>({ nodes: null, verdicts: null, mesh: null, clockLead: 0 });

export interface Past {
  readonly at: number;
  readonly mesh: Mesh | null;
  readonly verdicts: VerdictsDocument | null;
  readonly error: string | null;
}

export const past = new Store<{ readonly shown: Past | null }>({ shown: null });

/** Told which rows changed; null for all. */
export type RowWatcher = (rows: readonly number[] | null) => void;
const rowWatchers = new Set<RowWatcher>();

export function watchRows(watcher: RowWatcher): () => void {
  rowWatchers.add(watcher);
  return () => rowWatchers.delete(watcher);
}

export function tellRows(rows: readonly number[] | null): void {
  for (const watcher of rowWatchers) watcher(rows);
}

/** Now, by the clock of the node that answers: all times of its documents are of that clock. */
export function nodeNow(): number {
  return Date.now() + seen.get().clockLead;
}

export type { MatrixDocument };
