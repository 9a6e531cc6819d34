import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
} from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/queries';
import type { CollectionQuery } from '@/api/types';
import type { CollectionsSearch } from './search';

export const collectionKeys = {
  list: [...keys.collections, 'list'] as const,
  one: (team: string, name: string) =>
    [...keys.collections, 'one', team, name] as const,
  releases: (id: string) => [...keys.collections, id, 'releases'] as const,
};

const pages = (query: CollectionQuery) =>
  infiniteQueryOptions({
    queryKey: [...collectionKeys.list, query],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/collections', {
          params: { query: pageParam ? { ...query, cursor: pageParam } : query },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });

export const collectionsQuery = ({ q, team, show, sort }: CollectionsSearch) =>
  pages({
    ...(q ? { q } : {}),
    ...(team ? { team: [team] } : {}),
    ...(show === 'archived' ? { archived: true } : {}),
    ...(show === 'deleted' ? { deleted: true } : {}),
    ...(sort ? { sort } : {}),
  });

/** Where something can be added to. */
export const editableQuery = (q: string) =>
  pages({ editable: true, limit: 20, sort: '-updated_at', ...(q ? { q } : {}) });

/** One collection by the path of its page, under a former name too; null: none. */
export const collectionQuery = (team: string, name: string) =>
  queryOptions({
    queryKey: collectionKeys.one(team, name),
    queryFn: async ({ signal }) => {
      const page = await unwrap(
        api.GET('/api/v1/collections', {
          params: { query: { ref: [`${team}/${name}`] } },
          signal,
        }),
      );
      const found = page.items[0];
      if (!found) return null;
      return unwrap(
        api.GET('/api/v1/collections/{collection_id}', {
          params: { path: { collection_id: found.id } },
          signal,
        }),
      );
    },
    refetchOnMount: 'always',
  });

/** What can be added: components of any kind. */
export const pickableQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.components, 'pickable', q],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/components', {
          params: {
            query: {
              limit: 30,
              ...(q ? { q } : { sort: 'name' as const }),
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });

export const followableQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.components, id, 'followable'],
    queryFn: async ({ signal }) => {
      const params = { path: { component_id: id } };
      const [labels, revisions] = await Promise.all([
        unwrap(api.GET('/api/v1/components/{component_id}/labels', { params, signal })),
        unwrap(
          api.GET('/api/v1/components/{component_id}/revisions', {
            params: { ...params, query: { limit: 50 } },
            signal,
          }),
        ),
      ]);
      return { labels: labels.items, revisions: revisions.items };
    },
    staleTime: 10_000,
  });

export const releasesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...collectionKeys.releases(id), 'list'],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/collections/{collection_id}/releases', {
          params: {
            path: { collection_id: id },
            query: { limit: 50, ...(pageParam ? { cursor: pageParam } : {}) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });

export const releaseQuery = (id: string, number: number) =>
  queryOptions({
    queryKey: [...collectionKeys.releases(id), number],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/collections/{collection_id}/releases/{number}', {
          params: { path: { collection_id: id, number } },
          signal,
        }),
      ),
  });

export const changelogQuery = (id: string, from: number, to: number) =>
  queryOptions({
    queryKey: [...collectionKeys.releases(id), 'changes', from, to],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/collections/{collection_id}/releases/{number}/changes', {
          params: { path: { collection_id: id, number: to }, query: { against: from } },
          signal,
        }),
      ),
    // Neither of them ever changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
