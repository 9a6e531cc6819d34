/** Server-sent events as text: a browser reads them for `EventSource` alone. */

export interface Said {
  event: string;
  data: string;
}

/** Takes a stream in pieces of any length, and gives what has been said in full. */
export class Reader {
  /** Where to go on from; comments may move it, too. */
  lastId = '';
  private rest = '';
  private id = '';
  private event = '';
  private data: string[] = [];

  /** A new stream begins: what the one before had only half said is told again. */
  begin(): void {
    this.rest = '';
    this.id = this.lastId;
    this.event = '';
    this.data = [];
  }

  push(piece: string): Said[] {
    const said: Said[] = [];
    // What ends with the first half of a line's end may go on with the other one.
    const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line) this.take(line);
      else this.finish(said);
    }
    return said;
  }

  private take(line: string): void {
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'id') this.id = value;
    if (field === 'event') this.event = value;
    if (field === 'data') this.data.push(value);
  }

  private finish(said: Said[]): void {
    this.lastId = this.id;
    if (this.data.length > 0) {
      said.push({ event: this.event || 'message', data: this.data.join('\n') });
    }
    this.event = '';
    this.data = [];
  }
}
