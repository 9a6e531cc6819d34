/** What the editor asks of the server, and nothing else. */
import { api, unwrap } from '@/api/client';
import { isProblem } from '@/api/problem';
import type {
  AgentPublic,
  Draft,
  KindName,
  LintResult,
  RevisionPublic,
} from '@/api/types';
import type { Kind } from '@/features/kinds/kinds';
import { resolveComponent } from '@/features/lifecycle/resolve';

export interface ServerState {
  agent: AgentPublic;
  /** Mine; null when there is none. */
  draft: Draft | null;
}

/** Null when there is no such agent, or none that the person may see. */
export async function findAgent(
  kind: Kind,
  team: string,
  name: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const ref = `${kind.name}:${team}/${name}`;
  const page = await unwrap(
    api.GET('/api/v1/components', {
      params: { query: { ref: [ref] } },
      ...(signal && { signal }),
    }),
  );
  // Lists leave out what is not published yet.
  const found = page.items[0] ?? (await resolveComponent(ref, signal));
  return found?.id ?? null;
}

/** The routes of all kinds are alike. */
const listOf = ({ plural }: Kind) => `/api/v1/${plural}` as '/api/v1/agents';

export async function readServer(
  kind: Kind,
  id: string,
  signal?: AbortSignal,
): Promise<ServerState> {
  const agent = await unwrap(
    api.GET(`${listOf(kind)}/{component_id}`, {
      params: { path: { component_id: id } },
      ...(signal && { signal }),
    }),
  );
  return { agent, draft: agent.draft ? await readDraft(id, signal) : null };
}

async function readDraft(id: string, signal?: AbortSignal): Promise<Draft | null> {
  try {
    return await unwrap(
      api.GET('/api/v1/components/{component_id}/draft', {
        params: { path: { component_id: id } },
        ...(signal && { signal }),
      }),
    );
  } catch (error) {
    if (isProblem(error, 'not-found')) return null;
    throw error;
  }
}

export function readRevision(
  id: string,
  n: number,
  signal?: AbortSignal,
): Promise<RevisionPublic> {
  return unwrap(
    api.GET('/api/v1/components/{component_id}/revisions/{number}', {
      params: { path: { component_id: id, number: n } },
      ...(signal && { signal }),
    }),
  );
}

export interface DraftWrite {
  content: string;
  base_digest: string;
}

/** Browsers take no more than this with a request that outlives its page. */
const KEEPALIVE_BYTES = 60_000;

/** `etag` is that of the draft to change; null makes the first one. */
export function saveDraft(
  id: string,
  body: DraftWrite,
  etag: string | null,
  keepalive: boolean,
): Promise<Draft> {
  return unwrap(
    api.PUT('/api/v1/components/{component_id}/draft', {
      params: {
        path: { component_id: id },
        header: etag === null ? { 'If-None-Match': '*' } : { 'If-Match': etag },
      },
      body,
      keepalive: keepalive && body.content.length * 3 < KEEPALIVE_BYTES,
    }),
  );
}

export async function discardDraft(id: string, etag: string): Promise<void> {
  await unwrap(
    api.DELETE('/api/v1/components/{component_id}/draft', {
      params: { path: { component_id: id }, header: { 'If-Match': etag } },
    }),
  );
}

export function lintText(
  kind: Kind,
  content: string,
  path: string | null,
  signal: AbortSignal,
): Promise<LintResult> {
  return unwrap(
    api.POST('/api/v1/lint', {
      body: { kind: kind.name as KindName, content, ...(path !== null && { path }) },
      signal,
    }),
  );
}
