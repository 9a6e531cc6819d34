/** How values of the form are written as YAML. */
import { Document, isScalar, isSeq, parseDocument, Scalar, type YAMLSeq } from 'yaml';

const STYLE = {
  lineWidth: 0,
  // One line with `\n` stays one line.
  doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
} as const;

function render(value: string, type?: Scalar.Type): string {
  const scalar = new Scalar(value);
  if (type) scalar.type = type;
  // Quoted where an older reader would take a truth or a date for it, too.
  const doc = new Document({ k: scalar }, { compat: 'yaml-1.1' });
  const style =
    type === Scalar.BLOCK_FOLDED ? { ...STYLE, lineWidth: 80 } : { ...STYLE };
  return doc.toString(style).replace(/^k:/, '').replace(/\n$/, '');
}

const isPlain = (value: string) => value !== '' && render(value) === ` ${value}`;
const reads = (rendered: string, value: string) =>
  parseDocument(`k:${rendered}\n`, { logLevel: 'silent' }).get('k') === value;

/** Quotes and blocks that the author chose stay; those that were needed may go. */
function styleFor(value: string, before: Scalar | null): Scalar.Type | undefined {
  const style = before?.type as Scalar.Type | undefined;
  const old = typeof before?.value === 'string' ? before.value : '';
  const chosen = style && style !== Scalar.PLAIN && isPlain(old);
  if (chosen && !value.includes('\n')) return style;
  if (isPlain(value)) return undefined;
  if (!value.includes('\n')) {
    const quoted = style === Scalar.QUOTE_SINGLE ? style : Scalar.QUOTE_DOUBLE;
    const block = style === Scalar.BLOCK_FOLDED || style === Scalar.BLOCK_LITERAL;
    return block && value.trim() === value ? style : quoted;
  }
  if (style === Scalar.BLOCK_FOLDED) return style;
  if (style === Scalar.QUOTE_DOUBLE && old.includes('\n')) return style;
  return Scalar.BLOCK_LITERAL;
}

/**
 * What stands behind the colon for a text, in the style of the value `before`.
 * `oneLine` when something follows on the line.
 */
export function renderText(
  value: string,
  before: Scalar | null,
  oneLine: boolean,
): string {
  const style = styleFor(value, before);
  const rendered = render(value, style);
  if ((!oneLine || !rendered.includes('\n')) && reads(rendered, value)) return rendered;
  const quoted = render(value, Scalar.QUOTE_DOUBLE);
  return reads(quoted, value) ? quoted : ` ${JSON.stringify(value)}`;
}

/** A list of texts in place of the one in `pair`; items that stay keep their look. */
export function renderItems(pair: string, items: readonly string[]): string {
  const doc = parseDocument(`${pair.replaceAll('\r\n', '\n').trimEnd()}\n`, {
    compat: 'yaml-1.1',
    logLevel: 'silent',
  });
  const [key = ''] = /^[^:]*:/.exec(pair) ?? [];
  const seq = doc.get(key.slice(0, -1).trim());
  if (!isSeq(seq)) return ` ${JSON.stringify(items)}`;
  const known = new Map<unknown, Scalar>();
  for (const item of (seq as YAMLSeq<Scalar>).items) {
    if (isScalar(item)) known.set(item.value, item);
  }
  seq.items = items.map((item) => known.get(item) ?? new Scalar(item));
  return doc
    .toString({
      ...STYLE,
      indentSeq: /\n[ \t]+-/.test(pair),
      flowCollectionPadding: /\[\s/.test(pair),
    })
    .replace(/^[^:]*:/, '')
    .replace(/\n$/, '');
}

/** Names between commas; commas within parentheses belong to a tool's arguments. */
export function splitTools(text: string): string[] {
  const names: string[] = [];
  let depth = 0;
  let name = '';
  for (const char of text) {
    if (char === '(') depth++;
    if (char === ')') depth = Math.max(0, depth - 1);
    if (char === ',' && depth === 0) {
      names.push(name);
      name = '';
    } else {
      name += char;
    }
  }
  return [...names, name].map((one) => one.trim()).filter(Boolean);
}

export const joinTools = (tools: readonly string[]) => tools.join(', ');
