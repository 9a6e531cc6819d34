/**
 * One factory per resource: `queryOptions` with its key, used by loaders and by
 * `useSuspenseQuery` / `useQuery` alike. Keys start with the resource's name, so that
 * a change invalidates by prefix: `invalidateQueries({ queryKey: keys.agents })`.
 */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client';
import type { AgentQuery } from './types';

export const keys = {
  instance: ['instance'] as const,
  agents: ['agents'] as const,
  audit: ['audit'] as const,
  collections: ['collections'] as const,
  components: ['components'] as const,
  imports: ['imports'] as const,
  rules: ['rules'] as const,
  teams: ['teams'] as const,
  users: ['users'] as const,
};

export const instanceQuery = queryOptions({
  queryKey: keys.instance,
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/instance', { signal })),
  staleTime: 60_000,
});

export const agentsQuery = (query: AgentQuery) =>
  infiniteQueryOptions({
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
  });

/** For the command menu: the few best matches. */
export const componentSearchQuery = (q: string) =>
  queryOptions({
    queryKey: [...keys.components, 'search', q],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/components', { params: { query: { q, limit: 8 } }, signal }),
      ),
    staleTime: 30_000,
  });
