/** One event of a text/event-stream. */
export interface StreamEvent {
  readonly name: string;
  readonly data: string;
}

const longest = 64 * 1024 * 1024;

/**
 * Reads a text/event-stream as it comes, in pieces cut anywhere (WHATWG HTML, 9.2.6). EventSource would do it, but it can't send
 * the token, and doesn't tell whether anything comes at all.
 */
export class EventParser {
  private text = '';
  private name = '';
  private data: string[] = [];
  private size = 0;

  /** Takes a piece, gives the events that it completes. Throws where one grows without an end. */
  push(piece: string): StreamEvent[] {
    const events: StreamEvent[] = [];
    this.text += piece;
    let from = 0;
    for (;;) {
      const end = this.text.indexOf('\n', from);
      if (end < 0) break;
      const line = this.text.slice(from, this.text.charCodeAt(end - 1) === 13 && end > from ? end - 1 : end);
      from = end + 1;
      this.take(line, events);
    }
    this.text = this.text.slice(from);
    if (this.text.length + this.size > longest) throw new Error('an event without an end');
    return events;
  }

  private take(line: string, events: StreamEvent[]): void {
    if (line === '') {
      if (this.data.length > 0) events.push({ name: this.name || 'message', data: this.data.join('\n') });
      this.name = '';
      this.data = [];
      this.size = 0;
      return;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1);
    if (field === 'event') this.name = value;
    else if (field === 'data') {
      this.data.push(value);
      this.size += value.length;
    }
  }
}
