/** Where the front matter of a text stands, and where its keys and values do. */
import { isMap, isScalar, type Pair, parseDocument, type YAMLParseError } from 'yaml';

export interface Matter {
  /** Of the YAML between the fences, and of the body; offsets into the text. */
  start: number;
  end: number;
  body: number;
}

export interface Entry {
  key: string;
  keyStart: number;
  /** Just behind the colon. */
  from: number;
  /** Behind the value, before a comment on its line. */
  to: number;
  node: unknown;
}

const OPENING = /^\uFEFF?---[ \t]*(?:\r?\n|$)/;
const CLOSING = /^---[ \t]*(?:\r?\n|$(?![\s\S]))/m;
/** Blanks, comments or a code fence stand before the front matter. */
const PRECEDED = /^(?:\s|<!--[\s\S]*?-->|`{3}\w*\n)+---[ \t]*\r?\n[ \t]*[A-Za-z_]\w*:/;

/** The front matter cannot be read; `offset` counts within it. */
export class BrokenError extends Error {
  constructor(
    message: string,
    readonly offset: number | null = null,
  ) {
    super(message);
  }
}

/** Where the front matter stands; null when there is none. */
export function findMatter(text: string): Matter | null {
  const opening = OPENING.exec(text);
  if (!opening) {
    if (PRECEDED.test(text)) {
      throw new BrokenError('The front matter does not begin on the first line.');
    }
    return null;
  }
  const start = opening[0].length;
  const closing = CLOSING.exec(text.slice(start));
  if (!closing) {
    throw new BrokenError('The front matter is not closed by a line of three hyphens.');
  }
  const end = start + closing.index;
  return { start, end, body: end + closing[0].length };
}

export function entriesOf(block: string): Entry[] {
  const doc = parseDocument(block, { logLevel: 'silent' });
  const [error] = doc.errors;
  if (error) {
    throw new BrokenError(sentenceFor(error), error.pos[0]);
  }
  if (doc.contents === null) return [];
  if (!isMap(doc.contents) || doc.contents.flow) {
    throw new BrokenError('The front matter is not a list of keys with values.', 0);
  }
  return doc.contents.items.map((pair) => entryOf(block, pair));
}

function sentenceFor({ code, message }: YAMLParseError): string {
  switch (code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'A value holds a colon and a blank; put it in quotes.';
    case 'DUPLICATE_KEY':
      return 'A key stands there twice; keep one.';
    case 'TAB_AS_INDENT':
      return 'A line is indented with a tab; use blanks.';
    default:
      return `${message.split(/ at line \d|\n/)[0] ?? 'It is not valid YAML'}.`;
  }
}

function entryOf(block: string, { key, value }: Pair): Entry {
  if (!isScalar(key) || !key.range) throw new BrokenError('A key is not a plain word.');
  const colon = /^[ \t]*:/.exec(block.slice(key.range[1]));
  if (!colon) throw new BrokenError('A key has no colon.', key.range[0]);
  const from = key.range[1] + colon[0].length;
  const range = (value as { range?: [number, number, number] } | null)?.range;
  const empty = !range || range[0] === range[1];
  return {
    key: String(key.value),
    keyStart: key.range[0],
    from,
    to: empty ? from : range[1],
    node: value,
  };
}

/** Behind the line in which a value ends. */
export function lineEnd(block: string, at: number): number {
  if (at > 0 && block[at - 1] === '\n') return at;
  const end = block.indexOf('\n', at);
  return end < 0 ? block.length : end + 1;
}
