/**
 * The form's view of a server's JSON. Each change gives the whole text again; keys that
 * no field shows, and their order, stay what they are.
 */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export interface ReadyServer {
  state: 'ready';
  /** Null where the server stands alone, and its file says how it is called. */
  name: string | null;
  server: JsonObject;
}

export interface BrokenServer {
  state: 'broken';
  /** One sentence. */
  message: string;
}

export type ServerForm = ReadyServer | BrokenServer;

const WRAPPERS = ['mcpServers', 'servers', 'mcp_servers'] as const;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface Place {
  document: JsonObject;
  wrapper: string | null;
  name: string | null;
  server: JsonObject;
}

function find(text: string): Place | string {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return 'The text is not valid JSON; the findings say where.';
  }
  if (!isObject(document)) return 'The text holds no server.';
  const wrapper = WRAPPERS.find((key) => isObject((document as JsonObject)[key]));
  if (!wrapper) return { document, wrapper: null, name: null, server: document };
  const [entry, ...more] = Object.entries(document[wrapper] as JsonObject);
  if (!entry || more.length > 0 || !isObject(entry[1])) {
    return 'The text must hold exactly one server.';
  }
  return { document, wrapper, name: entry[0], server: entry[1] };
}

export function readServer(text: string): ServerForm {
  const place = find(text);
  if (typeof place === 'string') return { state: 'broken', message: place };
  return { state: 'ready', name: place.name, server: place.server };
}

/** As the text was indented, with a line break at the end if there was one. */
function write(document: JsonObject, before: string): string {
  const indent =
    /\n([ \t]+)\S/.exec(before)?.[1] ?? (before.includes('\n') ? '  ' : '');
  const text = JSON.stringify(document, null, indent || 2);
  return /\n\s*$/.test(before) ? `${text}\n` : text;
}

function rewrite(text: string, name: string | null, server: JsonObject): string {
  const place = find(text);
  if (typeof place === 'string') return text;
  const { document, wrapper } = place;
  if (wrapper === null || name === null) return write(server, text);
  return write({ ...document, [wrapper]: { [name]: server } }, text);
}

export function withServerName(text: string, name: string): string {
  const form = readServer(text);
  if (form.state === 'broken' || form.name === null) return text;
  return rewrite(text, name, form.server);
}

/** The text with another value of one key; undefined takes the key away. */
export function withKey(text: string, key: string, value: Json | undefined): string {
  const form = readServer(text);
  if (form.state === 'broken') return text;
  const { [key]: _, ...rest } = form.server;
  const server = value === undefined ? rest : { ...form.server, [key]: value };
  return rewrite(text, form.name, server);
}

/** Another way to reach the server: what belongs to the other one goes. */
export function withTransport(text: string, transport: string): string {
  const form = readServer(text);
  if (form.state === 'broken') return text;
  const gone =
    transport === 'stdio'
      ? ['type', 'url', 'headers']
      : ['type', 'command', 'args', 'cwd'];
  const kept = Object.entries(form.server).filter(([key]) => !gone.includes(key));
  const start: JsonObject =
    transport === 'stdio'
      ? { command: String(form.server.command ?? '') }
      : { type: transport, url: String(form.server.url ?? '') };
  return rewrite(text, form.name, { ...start, ...Object.fromEntries(kept) });
}

export const transportOf = (server: Record<string, unknown>): string => {
  const { type, command, url } = server;
  if (typeof type === 'string' && type !== 'local') return type;
  return url !== undefined && command === undefined ? 'http' : 'stdio';
};

export const textOf = (value: Json | undefined) =>
  typeof value === 'string' ? value : null;

/** Null where a list holds anything but texts: then only the source can show it. */
export function listOf(value: Json | undefined): string[] | null {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return null;
  return value.every((one) => typeof one === 'string') ? (value as string[]) : null;
}

export function pairsOf(value: Json | undefined): [string, string][] | null {
  if (value === undefined) return [];
  if (!isObject(value)) return null;
  const pairs = Object.entries(value);
  return pairs.every(([, one]) => typeof one === 'string')
    ? (pairs as [string, string][])
    : null;
}
