/** How an edit begins: what the server has, what this tab kept, what the link asks for. */
import type { AgentPublic } from '@/api/types';
import type { Kind } from '@/features/kinds/kinds';
import { findAgent, readRevision, readServer } from './api';
import type { Backup } from './backup';
import { type Base, type Conflict, type Local, latestOf, reconcile } from './reconcile';
import type { EditSearch } from './views';

/** Text that a link asked to start from, while there is a draft already. */
export interface Offer {
  kind: 'repair' | 'restore';
  number: number;
  text: string;
}

export interface Opening {
  agent: AgentPublic;
  local: Local;
  conflict: Conflict | null;
  savedAt: number | null;
  offer: Offer | null;
  /** What the text started from, if the link asked for it and nothing was in the way. */
  started: Offer | null;
}

/** Null when there is no such agent for this person. */
export async function openAgent(
  kind: Kind,
  team: string,
  name: string,
  search: EditSearch,
  backupOf: (id: string) => Backup,
  signal?: AbortSignal,
): Promise<Opening | null> {
  const id = await findAgent(kind, team, name, signal);
  if (id === null) return null;
  const server = await readServer(kind, id, signal);
  const { agent, draft } = server;
  const latest = latestOf(server);
  const baseOf = async (baseNumber: number, baseDigest: string): Promise<Base> => {
    if (baseDigest === latest.digest) return latest;
    const { content } = await readRevision(id, baseNumber, signal);
    return { number: baseNumber, digest: baseDigest, text: content };
  };

  let local: Local = {
    text: latest.text,
    confirmed: latest.text,
    etag: null,
    draftBase: null,
    base: latest,
  };
  if (draft) {
    const base = await baseOf(draft.base_number, draft.base_digest);
    local = {
      text: draft.content,
      confirmed: draft.content,
      etag: draft.etag,
      draftBase: draft.base_digest,
      base,
    };
  }
  const backup = backupOf(id);
  const kept = backup.read();
  if (kept && kept.content !== local.text) {
    const same = kept.etag === local.etag && kept.baseDigest === local.base.digest;
    local = same
      ? { ...local, text: kept.content }
      : {
          text: kept.content,
          confirmed: kept.confirmed,
          etag: kept.etag,
          draftBase: kept.etag === null ? null : kept.baseDigest,
          base: await baseOf(kept.baseNumber, kept.baseDigest),
        };
  } else {
    backup.clear();
  }

  const outcome = reconcile(local, server);
  if (outcome.action === 'adopt') local = outcome.local;
  else if (outcome.action === 'conflict' && outcome.conflict.kind === 'published') {
    local = { ...outcome.conflict.ground, text: local.text };
  }
  const opening: Opening = {
    agent,
    local,
    conflict: outcome.action === 'conflict' ? outcome.conflict : null,
    savedAt: draft ? Date.parse(draft.updated_at) : null,
    offer: null,
    started: null,
  };
  return withOffer(opening, await offerOf(agent, search, signal));
}

async function offerOf(
  agent: AgentPublic,
  { repair, restore }: EditSearch,
  signal?: AbortSignal,
): Promise<Offer | null> {
  if (restore !== undefined && restore !== agent.latest?.number) {
    const { content } = await readRevision(agent.id, restore, signal);
    return { kind: 'restore', number: restore, text: content };
  }
  if (!repair || !agent.latest) return null;
  const { number } = agent.latest;
  const { repaired } = await readRevision(agent.id, number, signal);
  return repaired == null ? null : { kind: 'repair', number, text: repaired };
}

/** Takes the text at once where nothing was typed yet; a draft is never replaced. */
function withOffer(opening: Opening, offer: Offer | null): Opening {
  const { local, conflict } = opening;
  if (!offer || offer.text === local.text) return opening;
  const untouched = conflict === null && local.text === local.base.text;
  if (!untouched) return { ...opening, offer };
  return { ...opening, local: { ...local, text: offer.text }, started: offer };
}
