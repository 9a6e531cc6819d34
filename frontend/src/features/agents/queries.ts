import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
} from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/queries';
import type { Kind } from '@/features/kinds/kinds';
import { resolveComponent } from '@/features/lifecycle/resolve';
import { type AgentSearch, facetsOf, toFilters, toQuery } from './search';

/** The lists of all kinds are alike but for some filters. */
const listOf = ({ plural }: Kind) => `/api/v1/${plural}` as '/api/v1/agents';

export function agentListQuery(kind: Kind, search: AgentSearch) {
  const query = toQuery(search, facetsOf(kind));
  return infiniteQueryOptions({
    queryKey: [...keys.agents, kind.plural, 'list', query, search.after ?? null],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET(listOf(kind), {
          params: { query: pageParam ? { ...query, cursor: pageParam } : query },
          signal,
        }),
      ),
    initialPageParam: search.after ?? (null as string | null),
    getNextPageParam: (last) => last.next_cursor,
    // The old rows stay until the new ones are there.
    placeholderData: keepPreviousData,
  });
}

export function agentFacetsQuery(kind: Kind, search: AgentSearch) {
  const query = toFilters(search, facetsOf(kind));
  return queryOptions({
    queryKey: [...keys.agents, kind.plural, 'facets', query],
    queryFn: ({ signal }) =>
      unwrap(api.GET(`${listOf(kind)}/facets`, { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
}

/** One component by the path of its page: null when there is none for this person. */
export const agentQuery = (kind: Kind, team: string, name: string) =>
  queryOptions({
    queryKey: [...keys.components, kind.name, team, name],
    queryFn: async ({ signal }) => {
      const ref = [`${kind.name}:${team}/${name}`];
      const page = await unwrap(
        api.GET('/api/v1/components', { params: { query: { ref } }, signal }),
      );
      if (page.items[0]) return page.items[0];
      const deleted = await unwrap(
        api.GET('/api/v1/components', {
          params: { query: { ref, deleted: true } },
          signal,
        }),
      );
      // Lists leave out what is not published yet; its maker sees it all the same.
      return deleted.items[0] ?? (await resolveComponent(ref[0] ?? '', signal));
    },
    // Coming back from the editor, a draft shows at once.
    refetchOnMount: 'always',
  });

/** A revision never changes, but its labels do. */
export const revisionQuery = (id: string, n: number) =>
  queryOptions({
    queryKey: [...keys.components, id, 'revision', n],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/components/{component_id}/revisions/{number}', {
          params: { path: { component_id: id, number: n } },
          signal,
        }),
      ),
  });

export const revisionsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.components, id, 'revisions'],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/components/{component_id}/revisions', {
          params: {
            path: { component_id: id },
            query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });

export const diffQuery = (id: string, from: number, to: number) =>
  queryOptions({
    queryKey: [...keys.components, id, 'diff', from, to],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/components/{component_id}/revisions/{number}/diff', {
          params: { path: { component_id: id, number: to }, query: { against: from } },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const labelsQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.components, id, 'labels'],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/components/{component_id}/labels', {
          params: { path: { component_id: id } },
          signal,
        }),
      ),
  });

export const rulesQuery = queryOptions({
  queryKey: keys.rules,
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/rules', { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});
