import { ApiError, ask, headers, wordsOf } from '../api/client.ts';
import type { MatrixChange, MatrixDocument, NodesDocument, VerdictsDocument } from '../api/documents.ts';
import { Mesh } from '../matrix/mesh.ts';
import { waitBefore } from './backoff.ts';
import { EventParser, type StreamEvent } from './events.ts';
import { link, seen, tellRows } from './mesh-store.ts';

// The node says something every ten seconds at the latest.
const silence = 16_000;

/**
 * Keeps the live documents: reads the stream, and when that ends, however it ends, begins anew, less and less often. A node that restarts is
 * found again without anybody doing anything.
 */
export class Feed {
  private failures = 0;
  private isStopped = false;
  private attempt: AbortController | null = null;
  private wake: (() => void) | null = null;

  start(): void {
    void this.run();
    // A laptop that was asleep should not wait for its timers.
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.retryNow());
    window.addEventListener('online', () => this.retryNow());
  }

  stop(): void {
    this.isStopped = true;
    this.attempt?.abort();
    this.wake?.();
  }

  /** Tries again at once where it waits. */
  retryNow(): void {
    this.wake?.();
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      let wait = 0;
      try {
        await this.read();
        this.lose('the node ended the stream');
      } catch (e) {
        if (e instanceof ApiError && e.status === 401) {
          link.set({ phase: 'locked', error: e.message, retryAt: null });
          await this.sleep(null);
          continue;
        }
        this.lose(e instanceof ApiError ? e.message : 'this node does not answer');
        if (e instanceof BusyError) wait = e.afterMs;
      }
      if (this.isStopped) return;
      wait = Math.max(wait, waitBefore(this.failures, Math.random()));
      link.set({ retryAt: Date.now() + wait });
      await this.sleep(wait);
    }
  }

  private lose(error: string): void {
    this.failures++;
    link.set({ phase: link.get().heardAt === null ? 'connecting' : 'lost', error });
  }

  private async read(): Promise<void> {
    const attempt = (this.attempt = new AbortController());
    let heard = Date.now();
    const watch = setInterval(() => Date.now() - heard > silence && attempt.abort(), 1_000);
    try {
      const answer = await fetch('api/v1/stream', { headers: headers('text/event-stream'), cache: 'no-store', signal: attempt.signal });
      if (answer.status === 503) throw new BusyError(await wordsOf(answer), 1_000 * (Number(answer.headers.get('Retry-After')) || 5));
      if (!answer.ok || !answer.body) throw new ApiError(answer.status, await wordsOf(answer));
      const parser = new EventParser();
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        heard = Date.now();
        for (const event of parser.push(value)) await this.take(event);
      }
    } finally {
      clearInterval(watch);
      attempt.abort();
    }
  }

  private async take(event: StreamEvent): Promise<void> {
    const data: unknown = JSON.parse(event.data);
    switch (event.name) {
      case 'hello':
        this.failures = 0;
        this.takeNodes(data as NodesDocument);
        break;
      case 'nodes':
        this.takeNodes(data as NodesDocument);
        break;
      case 'verdicts':
        seen.set({ verdicts: data as VerdictsDocument });
        break;
      case 'matrix':
        await this.takeMatrix(data as MatrixChange);
        break;
      default:
        return;
    }
    link.set({ phase: 'live', heardAt: Date.now(), retryAt: null, error: null });
  }

  private takeNodes(nodes: NodesDocument): void {
    const now = Date.parse(nodes.now);
    seen.set({ nodes, clockLead: Number.isFinite(now) ? now - Date.now() : 0 });
  }

  private async takeMatrix(change: MatrixChange): Promise<void> {
    const { mesh } = seen.get();
    const rows = mesh?.change(change) ?? null;
    if (rows !== null) {
      tellRows(rows);
      return;
    }
    const isWhole = change.nodes !== undefined && mesh === null;
    const whole = isWhole ? (change as MatrixDocument) : await ask<MatrixDocument>('matrix');
    seen.set({ mesh: new Mesh(whole) });
    tellRows(null);
  }

  private sleep(ms: number | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === null ? 0 : setTimeout(done, ms);
      this.wake = done;
      const self = this;
      function done(): void {
        clearTimeout(timer);
        self.wake = null;
        resolve();
      }
    });
  }
}

/** Too many read already. */
class BusyError extends ApiError {
  constructor(
    message: string,
    readonly afterMs: number,
  ) {
    super(503, message);
  }
}

export const feed = new Feed();
