/**
 * The form's view of the text. Reading gives fields, rows and body; each change gives
 * the whole text again, in which only the value that changed is written anew: comments,
 * order, quoting and line endings of everything else stay what they are.
 */
import { isScalar, isSeq, type Scalar } from 'yaml';
import type { FieldName } from '@/features/kinds/kinds';
import { newlineOf, withNewlines } from '@/lib/newlines';
import {
  BrokenError,
  type Entry,
  entriesOf,
  findMatter,
  lineEnd,
  type Matter,
} from './matter';
import { joinTools, renderItems, renderText, splitTools } from './yaml-values';

export const FIELDS: readonly FieldName[] = [
  'name',
  'description',
  'tools',
  'model',
  'color',
];
export type { FieldName };
export type TextField = Exclude<FieldName, 'tools'>;

/** A key that no field of the form shows, with its value as YAML. */
export interface Row {
  key: string;
  raw: string;
}

export interface ReadyForm {
  state: 'ready';
  /** Of the keys that are there; "" where one has no value. */
  fields: Partial<Record<TextField, string>>;
  /** Null where the key is absent: the agent may use all tools. */
  tools: string[] | null;
  rows: Row[];
  body: string;
}

export interface BrokenForm {
  state: 'broken';
  /** One sentence; the line counts in the whole text. */
  message: string;
  line: number | null;
}

export type AgentForm = ReadyForm | BrokenForm;

const KEY = /^[A-Za-z_][\w.-]*$/;

/** Text that a field can show: no list, no map, no anchor that others refer to. */
function textOf(block: string, { node, from, to }: Entry): string | null {
  if (!isScalar(node)) return node === null ? '' : null;
  if (node.anchor || node.tag) return null;
  if (typeof node.value === 'string') return node.value;
  // A number or a truth is shown as it is written: `1.0` stays `1.0`.
  return block.slice(from, to).trim();
}

function toolsOf(block: string, entry: Entry): string[] | null {
  if (isSeq(entry.node)) {
    if (entry.node.anchor) return null;
    const names = entry.node.items.map((item) => (isScalar(item) ? item.value : null));
    return names.every((name) => typeof name === 'string') ? (names as string[]) : null;
  }
  const text = textOf(block, entry);
  return text === null || /^[[{]/.test(text.trim()) ? null : splitTools(text);
}

/** The value as YAML at the left edge, for an edit by hand. */
function rawOf(block: string, { from, to }: Entry): string {
  const source = block.slice(from, to).replaceAll('\r\n', '\n');
  const [first = '', ...rest] = source.replace(/\s+$/, '').split('\n');
  const filled = rest.filter((line) => line.trim());
  const indent = Math.min(
    ...filled.map((line) => line.length - line.trimStart().length),
  );
  const lines = rest.map((line) => line.slice(indent));
  return [first.trim(), ...lines].join('\n').replace(/^\n/, '');
}

/** `fields` are the keys that the form shows in fields of their own. */
export function readForm(text: string, fields = FIELDS): AgentForm {
  let matter: Matter | null = null;
  try {
    matter = findMatter(text);
    if (!matter)
      return { state: 'ready', fields: {}, tools: null, rows: [], body: text };
    const block = text.slice(matter.start, matter.end);
    const form: ReadyForm = {
      state: 'ready',
      fields: {},
      tools: null,
      rows: [],
      body: text.slice(matter.body).replace(/^\r?\n/, ''),
    };
    for (const entry of entriesOf(block)) {
      if (!fields.includes(entry.key as FieldName) || !readField(form, block, entry)) {
        form.rows.push({ key: entry.key, raw: rawOf(block, entry) });
      }
    }
    return form;
  } catch (error) {
    if (!(error instanceof BrokenError)) throw error;
    const at = error.offset === null || !matter ? null : matter.start + error.offset;
    const line = at === null ? null : text.slice(0, at).split('\n').length;
    return { state: 'broken', message: error.message, line };
  }
}

function readField(form: ReadyForm, block: string, entry: Entry): boolean {
  const { key } = entry;
  if (key === 'tools') {
    form.tools = toolsOf(block, entry);
    return form.tools !== null;
  }
  const value = textOf(block, entry);
  if (value === null) return false;
  form.fields[key as TextField] = value;
  return true;
}

/** The text with another value of a field; null removes the key. */
export function setField(text: string, field: TextField, value: string | null): string {
  if (value === null) return removeKey(text, field);
  return write(text, field, (block, entry) => {
    const before = isScalar(entry?.node) ? (entry.node as Scalar) : null;
    const commented = entry !== null && /^[ \t]+#/.test(block.slice(entry.to));
    return renderText(value, before, commented);
  });
}

/** The text with other tools, written as they were: with commas, or as a list. */
export function setTools(text: string, tools: string[]): string {
  if (tools.length === 0) return removeKey(text, 'tools');
  return write(text, 'tools', (block, entry) => {
    if (entry && isSeq(entry.node)) {
      return renderItems(block.slice(entry.keyStart, entry.to), tools);
    }
    const before = isScalar(entry?.node) ? (entry.node as Scalar) : null;
    return renderText(joinTools(tools), before, true);
  });
}

/** The text with another YAML value of a key; null if that would not be YAML. */
export function setRaw(text: string, key: string, raw: string): string | null {
  if (!KEY.test(key) && !hasKey(text, key)) return null;
  const lines = raw.replace(/\s+$/, '').split('\n');
  const indented = (all: string[]) => all.map((line) => (line ? `  ${line}` : ''));
  const [first = '', ...rest] = lines;
  const spellings = [
    first ? ` ${[first, ...indented(rest)].join('\n')}` : '',
    `\n${indented(lines).join('\n')}`,
  ];
  for (const spelling of spellings) {
    const after = write(text, key, () => spelling);
    const form = readForm(after);
    if (form.state === 'ready' && sameKeys(text, after, key)) return after;
  }
  return null;
}

export function removeKey(text: string, key: string): string {
  const matter = findMatter(text);
  if (!matter) return text;
  const block = text.slice(matter.start, matter.end);
  const entry = entriesOf(block).find((one) => one.key === key);
  if (!entry) return text;
  const from = block.lastIndexOf('\n', entry.keyStart - 1) + 1;
  const to = lineEnd(block, entry.to);
  return text.slice(0, matter.start + from) + text.slice(matter.start + to);
}

export function setBody(text: string, body: string): string {
  const matter = findMatter(text);
  if (!matter) return body;
  const gap = /^\r?\n/.exec(text.slice(matter.body))?.[0] ?? '';
  const written = newlineOf(text) === '\n' ? body : withNewlines(body, '\r\n');
  return text.slice(0, matter.body) + gap + written;
}

/** How many lines stand before the body that the form shows. */
export function linesBeforeBody(text: string, body: string): number {
  return text.slice(0, text.length - body.length).split('\n').length - 1;
}

const keysOf = (text: string): string[] => {
  const matter = findMatter(text);
  return matter
    ? entriesOf(text.slice(matter.start, matter.end)).map(({ key }) => key)
    : [];
};

export const hasKey = (text: string, key: string) => keysOf(text).includes(key);

/** A value must not become keys of its own. */
function sameKeys(before: string, after: string, added: string): boolean {
  const expected = new Set([...keysOf(before), added]);
  const found = keysOf(after);
  return found.length === expected.size && found.every((key) => expected.has(key));
}

type Render = (block: string, entry: Entry | null) => string;

/** `render` gives what stands behind the colon, with LF and no line break at the end. */
function write(text: string, key: string, render: Render): string {
  const matter = findMatter(text);
  const newline = newlineOf(text);
  const native = (value: string) => value.replaceAll('\n', newline);
  if (!matter) {
    const gap = /^\r?\n/.test(text) || !text ? '' : newline;
    return native(`---\n${key}:${render('', null)}\n---\n`) + gap + text;
  }
  const block = text.slice(matter.start, matter.end);
  const entries = entriesOf(block);
  const entry = entries.find((one) => one.key === key) ?? null;
  const value = render(block, entry);
  let changed: string;
  if (entry) {
    const closed = block.slice(entry.from, entry.to).endsWith('\n') ? '\n' : '';
    changed =
      block.slice(0, entry.from) + native(value + closed) + block.slice(entry.to);
  } else {
    const at = placeFor(block, entries, key);
    changed = block.slice(0, at) + native(`${key}:${value}\n`) + block.slice(at);
  }
  return text.slice(0, matter.start) + changed + text.slice(matter.end);
}

/** A new field stands behind the one that comes before it in the form. */
function placeFor(block: string, entries: readonly Entry[], key: string): number {
  const order = FIELDS.indexOf(key as FieldName);
  if (order < 0) return block.length;
  const earlier = FIELDS.slice(0, order).reverse();
  for (const name of earlier) {
    const entry = entries.find((one) => one.key === name);
    if (entry) return lineEnd(block, entry.to);
  }
  return entries[0]
    ? block.lastIndexOf('\n', entries[0].keyStart - 1) + 1
    : block.length;
}
