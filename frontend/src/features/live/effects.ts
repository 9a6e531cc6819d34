/** What an event means for what is shown: which questions have to be asked again. */
import type { QueryKey } from '@tanstack/react-query';
import type { LiveEvent } from '@/api/types';
import { KINDS } from '@/features/kinds/kinds';

/** `later`: a list, whose rows should not move while somebody reads it. */
export type Reach = 'no' | 'now' | 'later';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/;
/** Text that somebody is working on, what never changes, and what is asked by hand. */
const LEFT_ALONE = new Set(['edit', 'diff', 'search', 'merge']);
export const LISTS = new Set(['list', 'facets']);
const MOVED = new Set(['component.renamed', 'component.transferred']);
const REFERENCE = /^([^:]+):([^/]+)\/(.+)$/;

/** First parts of query keys, by the kind of thing that something happened to. */
const RESOURCES: Record<string, readonly string[]> = {
  component: [
    'agents',
    'components',
    'collections',
    'drafts',
    'repositories',
    'upstreams',
    'stats',
  ],
  promotion: ['promotions', 'stats'],
  collection: ['collections', 'stats'],
  import: ['imports', 'repositories', 'upstreams', 'stats'],
  repository: ['repositories', 'upstreams', 'agents', 'components', 'stats'],
  team: ['teams', 'policy', 'stats'],
  user: ['teams', 'stats'],
};

/** Whether a question about components is about this one. */
function concerns({ action, target }: LiveEvent, parts: string[]): boolean {
  const [, kind = '', team = '', name = ''] = REFERENCE.exec(target.name) ?? [];
  const [, first = '', second = '', third = ''] = parts;
  if (UUID.test(first)) return first === target.id;
  // What is of one kind says so in its key, as `agent` or as `agents`.
  const other = KINDS.some(
    (one) => one.name !== kind && [one.name, one.plural].includes(first),
  );
  if (other) return false;
  const page = first === kind && third !== '' && !MOVED.has(action);
  return !page || (second === team && third === name);
}

/** How an event reaches the question of this key. */
export function reachOf(event: LiveEvent, key: QueryKey): Reach {
  const parts = key.map(String);
  const [resource = '', first = '', second = ''] = parts;
  const { kind, id } = event.target;
  if (!RESOURCES[kind]?.includes(resource)) return 'no';
  if (LEFT_ALONE.has(first) || LEFT_ALONE.has(second)) return 'no';
  const isList = LISTS.has(first) || LISTS.has(second);
  // Collections show what their entries stand for; their lists do not.
  if (kind === 'component' && resource === 'collections') return isList ? 'no' : 'now';
  if (kind === 'component' && resource === 'repositories') {
    return isList ? 'later' : 'now';
  }
  if (kind === 'component' && !concerns(event, parts)) return 'no';
  if (isList) return 'later';
  const own = kind === 'repository' ? 'repositories' : `${kind}s`;
  return resource === own && UUID.test(first) && first !== id ? 'no' : 'now';
}
