import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
} from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/queries';
import { type AgentSearch, toFilters, toQuery } from './search';

export function agentListQuery(search: AgentSearch) {
  const query = toQuery(search);
  return infiniteQueryOptions({
    queryKey: [...keys.agents, 'list', query],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/agents', {
          params: { query: pageParam ? { ...query, cursor: pageParam } : query },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    // The old rows stay until the new ones are there.
    placeholderData: keepPreviousData,
  });
}

export function agentFacetsQuery(search: AgentSearch) {
  const query = toFilters(search);
  return queryOptions({
    queryKey: [...keys.agents, 'facets', query],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/v1/agents/facets', { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
}

/** One agent by the path of its page: null when there is none for this person. */
export const agentQuery = (team: string, name: string) =>
  queryOptions({
    queryKey: [...keys.components, 'agent', team, name],
    queryFn: async ({ signal }) => {
      const ref = [`agent:${team}/${name}`];
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
      return deleted.items[0] ?? null;
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
