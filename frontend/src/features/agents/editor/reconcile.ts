/** What the text in this tab and the state of the server mean for each other. */
import type { ServerState } from './api';

/** The revision that the text is based on. */
export interface Base {
  number: number;
  digest: string;
  text: string;
}

/** Where an edit stands in relation to the server. */
export interface Ground {
  /** The newest text that the server is known to have from this edit. */
  confirmed: string;
  /** Of my draft; null when there is none. */
  etag: string | null;
  /** The digest that my draft names as its base; it may lag behind `base`. */
  draftBase: string | null;
  base: Base;
}

export interface Local extends Ground {
  text: string;
}

export interface Conflict {
  /** Somebody published, or I changed the draft in another tab. */
  kind: 'published' | 'draft';
  mine: string;
  theirs: string;
  base: string;
  /** Where the server stands; the text that settles the conflict goes on from here. */
  ground: Ground;
  /** The revision that the settled text is based on. */
  onto: Base;
  /** Who published what, for the words of the page. */
  author: string | null;
  number: number;
  at: string;
}

export type Outcome =
  | { action: 'none' }
  /** `aside` is text of mine that is no longer shown. */
  | { action: 'adopt'; local: Local; aside: string | null }
  | { action: 'conflict'; conflict: Conflict };

export function reconcile(local: Local, server: ServerState): Outcome {
  const { draft } = server;
  if (draft && draft.etag !== local.etag) return withOtherDraft(local, server);
  if (!draft && local.etag !== null) return withoutDraft(local, server);
  return withLatest(local, server);
}

/** The draft was saved elsewhere. */
function withOtherDraft(local: Local, server: ServerState): Outcome {
  const draft = server.draft;
  if (!draft) return { action: 'none' };
  const base = baseOf(draft.base_digest, draft.base_number, local, server);
  const next: Ground = {
    confirmed: draft.content,
    etag: draft.etag,
    draftBase: draft.base_digest,
    base,
  };
  const mine = local.text;
  if (mine === local.confirmed || mine === draft.content) {
    return settled({ ...next, text: draft.content }, server);
  }
  if (draft.content === local.confirmed) {
    return settled({ ...next, text: mine }, server);
  }
  return {
    action: 'conflict',
    conflict: {
      kind: 'draft',
      mine,
      theirs: draft.content,
      base: local.confirmed,
      ground: next,
      onto: base,
      author: null,
      number: draft.base_number,
      at: draft.updated_at,
    },
  };
}

/** The draft was published or discarded elsewhere. */
function withoutDraft(local: Local, server: ServerState): Outcome {
  const { agent } = server;
  const ground: Ground = {
    confirmed: local.base.text,
    etag: null,
    draftBase: null,
    base: local.base,
  };
  const published = latestOf({ agent }).digest !== local.base.digest;
  // What nobody else has stays, and is saved anew.
  if (published || local.text !== local.confirmed) {
    return settled({ ...ground, text: local.text }, server);
  }
  const aside = local.text === local.base.text ? null : local.text;
  return { action: 'adopt', local: { ...ground, text: local.base.text }, aside };
}

/** The same draft, or none: has somebody published since? */
function withLatest(local: Local, server: ServerState): Outcome {
  const base = latestOf(server);
  const { agent, draft } = server;
  const { latest } = agent;
  if (!latest || base.digest === local.base.digest) return { action: 'none' };
  const ground: Ground = {
    confirmed: draft?.content ?? local.base.text,
    etag: draft?.etag ?? null,
    draftBase: draft?.base_digest ?? null,
    base: local.base,
  };
  if (local.text === local.base.text || local.text === base.text) {
    return { action: 'adopt', local: ontoBase(ground, base, base.text), aside: null };
  }
  return {
    action: 'conflict',
    conflict: {
      kind: 'published',
      mine: local.text,
      theirs: base.text,
      base: local.base.text,
      ground,
      onto: base,
      author: latest.author.display_name || latest.author.username,
      number: latest.number,
      at: latest.published_at,
    },
  };
}

/** The same edit with `text`, now based on another revision. */
export function ontoBase(ground: Ground, base: Base, text: string): Local {
  const confirmed = ground.etag === null ? base.text : ground.confirmed;
  return { ...ground, confirmed, base, text };
}

/** Takes `local`, unless the newest revision then still stands against it. */
function settled(local: Local, server: ServerState): Outcome {
  const further = withLatest(local, server);
  return further.action === 'none' ? { action: 'adopt', local, aside: null } : further;
}

/** Before the first revision an edit is based on nothing. */
export const latestOf = ({ agent }: Pick<ServerState, 'agent'>): Base => ({
  number: agent.latest?.number ?? 0,
  digest: agent.latest?.digest ?? '',
  text: agent.content,
});

function baseOf(
  digest: string,
  number: number,
  local: Local,
  server: ServerState,
): Base {
  const known = [local.base, latestOf(server)].find((base) => base.digest === digest);
  // An older one that this tab never read: at worst more lines count as changed.
  return known ?? { number, digest, text: local.base.text };
}
