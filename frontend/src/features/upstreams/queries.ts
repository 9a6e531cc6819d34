import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { isProblem } from '@/api/problem';
import type { RepositorySearch } from './search';
import type { Upstream } from './types';

export const upstreamKeys = {
  repositories: ['repositories'] as const,
  repository: (id: string) => ['repositories', id] as const,
  upstreams: ['upstreams'] as const,
  upstream: (id: string) => ['upstreams', id] as const,
};

const next = (last: { next_cursor?: string | null }) => last.next_cursor;

export const repositoriesQuery = ({ team }: RepositorySearch) =>
  infiniteQueryOptions({
    queryKey: [...upstreamKeys.repositories, 'list', team ?? null],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/repositories', {
          params: {
            query: {
              limit: 50,
              ...(team && { team }),
              ...(pageParam && { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: next,
  });

export const repositoryQuery = (id: string) =>
  queryOptions({
    queryKey: [...upstreamKeys.repository(id), 'repository'],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/repositories/{repository_id}', {
          params: { path: { repository_id: id } },
          signal,
        }),
      ),
  });

export const repositoryComponentsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...upstreamKeys.repository(id), 'components'],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/repositories/{repository_id}/components', {
          params: {
            path: { repository_id: id },
            query: { limit: 100, ...(pageParam && { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: next,
  });

/** Where a component comes from; null where this person may not know, or nowhere. */
export const upstreamQuery = (component: string) =>
  queryOptions({
    queryKey: [...upstreamKeys.upstream(component), 'upstream'],
    queryFn: async ({ signal }): Promise<Upstream | null> => {
      try {
        return await unwrap(
          api.GET('/api/v1/components/{component_id}/upstream', {
            params: { path: { component_id: component } },
            signal,
          }),
        );
      } catch (error) {
        if (isProblem(error, 'not-found')) return null;
        throw error;
      }
    },
  });

/** What taking the update would come to; asked anew only by hand. */
export const updateQuery = (component: string) =>
  queryOptions({
    queryKey: [...upstreamKeys.upstream(component), 'merge'],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/components/{component_id}/upstream/update', {
          params: { path: { component_id: component } },
          signal,
        }),
      ),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
