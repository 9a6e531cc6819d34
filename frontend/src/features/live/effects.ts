/** What an event means for what is shown: which questions have to be asked again. */
import type { QueryKey } from '@tanstack/react-query';
import type { LiveEvent } from '@/api/types';

/** `later`: a list, whose rows should not move while somebody reads it. */
export type Reach = 'no' | 'now' | 'later';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/;
const PLURALS = new Set(['agents', 'skills', 'commands', 'servers']);
/** Text that somebody is working on, what never changes, and what is asked by hand. */
const LEFT_ALONE = new Set(['edit', 'diff', 'search', 'merge']);
const LISTS = new Set(['list', 'facets']);

/** First parts of query keys, by the kind of thing that something happened to. */
const RESOURCES: Record<string, readonly string[]> = {
  component: ['components', 'collections', 'drafts', 'stats'],
  promotion: ['promotions', 'stats'],
  collection: ['collections', 'stats'],
  import: ['imports', 'stats'],
  team: ['teams', 'policy', 'stats'],
  user: ['teams', 'stats'],
};

const kindOf = ({ target }: LiveEvent) => target.name.split(':')[0];

function resources(event: LiveEvent): readonly string[] {
  const found = RESOURCES[event.target.kind] ?? [];
  if (event.target.kind !== 'component') return found;
  return [...found, `${kindOf(event)}s`];
}

/** How an event reaches the question of this key. */
export function reachOf(event: LiveEvent, key: QueryKey): Reach {
  const [resource, part] = key.map(String);
  if (resource === undefined || !resources(event).includes(resource)) return 'no';
  if (part !== undefined && LEFT_ALONE.has(part)) return 'no';
  const { kind, id } = event.target;
  if (kind === 'component') {
    // Collections show what their entries stand for; their lists do not.
    if (resource === 'collections') return LISTS.has(part ?? '') ? 'no' : 'now';
    const plural = key.find((one) => PLURALS.has(String(one)));
    if (plural !== undefined && plural !== `${kindOf(event)}s`) return 'no';
  }
  if (LISTS.has(part ?? '')) return 'later';
  const about = kind === 'component' ? 'components' : `${kind}s`;
  if (part && UUID.test(part) && resource === about) return part === id ? 'now' : 'no';
  return 'now';
}
