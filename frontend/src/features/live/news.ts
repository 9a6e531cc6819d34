/** Changes to lists that are being read: counted, and shown when the reader asks. */
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { hashKey } from '@tanstack/react-query';
import type { LiveEvent } from '@/api/types';
import { LISTS, reachOf } from './effects';

interface Waiting {
  key: QueryKey;
  events: Set<string>;
}

const waiting = new Map<string, Waiting>();
const listeners = new Set<() => void>();
/** Lists on the page that say when they have changed, by what stands before `list`. */
const saying = new Map<string, number>();

const groupOf = (key: QueryKey) =>
  key
    .slice(
      0,
      key.findIndex((part) => LISTS.has(String(part))),
    )
    .join('/');

/** The list of this key says when it has changed, until the returned is called. */
export function sayNews(key: QueryKey): () => void {
  const group = groupOf(key);
  saying.set(group, (saying.get(group) ?? 0) + 1);
  return () => {
    const left = (saying.get(group) ?? 1) - 1;
    if (left > 0) saying.set(group, left);
    else saying.delete(group);
  };
}

function changed() {
  for (const listener of listeners) listener();
}

export function subscribeNews(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How many changes wait for the list of this key. */
export const newsOf = (key: QueryKey) => waiting.get(hashKey(key))?.events.size ?? 0;

/** Asks anew for the list, and for what stands beside it. */
export function showNews(client: QueryClient, key: QueryKey): void {
  const group = groupOf(key);
  const beside = [...waiting.values()].filter((one) => groupOf(one.key) === group);
  for (const one of beside) {
    void client.invalidateQueries({ queryKey: one.key, exact: true });
  }
}

/** Forgets what waited for a list that was just read anew. Returns how to stop. */
export function watchLists(client: QueryClient): () => void {
  const stop = client.getQueryCache().subscribe((event) => {
    const anew = event.type === 'updated' && event.action.type === 'success';
    const left = event.type === 'observerRemoved' && !event.query.isActive();
    if ((anew || left) && waiting.delete(event.query.queryHash)) changed();
  });
  return () => {
    stop();
    waiting.clear();
    changed();
  };
}

/** Applies what happened to all that was asked; `me` is who looks at it. */
export function apply(client: QueryClient, events: LiveEvent[], me: string): void {
  for (const query of client.getQueryCache().getAll()) {
    const { queryKey, queryHash } = query;
    const reaching = events.filter((event) => reachOf(event, queryKey) !== 'no');
    if (reaching.length === 0) continue;
    const others = reaching.filter(({ actor }) => actor?.username !== me);
    const isList = reaching.some((event) => reachOf(event, queryKey) === 'later');
    const said = isList && saying.has(groupOf(queryKey));
    const quiet = said && query.isActive() && others.length > 0;
    if (quiet) {
      const found = waiting.get(queryHash) ?? { key: queryKey, events: new Set() };
      for (const { id } of others) found.events.add(id);
      waiting.set(queryHash, found);
    }
    void client.invalidateQueries({
      queryKey,
      exact: true,
      refetchType: quiet ? 'none' : 'active',
    });
  }
  changed();
}
