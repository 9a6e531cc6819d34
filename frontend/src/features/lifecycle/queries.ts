import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/queries';

const next = (last: { next_cursor?: string | null }) => last.next_cursor;

export const draftsQuery = infiniteQueryOptions({
  queryKey: [...keys.components, 'drafts'],
  queryFn: ({ pageParam, signal }) =>
    unwrap(
      api.GET('/api/v1/drafts', {
        params: { query: pageParam ? { cursor: pageParam } : {} },
        signal,
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: next,
  refetchOnMount: 'always',
});

/** What was deleted and this person may restore. */
export const trashQuery = infiniteQueryOptions({
  queryKey: [...keys.components, 'trash'],
  queryFn: ({ pageParam, signal }) =>
    unwrap(
      api.GET('/api/v1/components', {
        params: {
          query: { deleted: true, ...(pageParam ? { cursor: pageParam } : {}) },
        },
        signal,
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: next,
  refetchOnMount: 'always',
});

export const resolveQuery = (ref: string) =>
  queryOptions({
    queryKey: [...keys.components, 'resolve', ref],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/v1/resolve', { params: { query: { ref } }, signal })),
    retry: false,
  });

/** What may stand in for it: the best matches of its kind, itself left out. */
export const successorsQuery = (kind: string, q: string, id: string) =>
  queryOptions({
    queryKey: [...keys.components, 'successors', kind, q, id],
    queryFn: async ({ signal }) => {
      const query = { kind: [kind], limit: 10, ...(q && { q }) };
      const page = await unwrap(
        api.GET('/api/v1/components', { params: { query }, signal }),
      );
      return page.items.filter((item) => item.id !== id).map((item) => item.reference);
    },
    staleTime: 10_000,
  });

/** What merging the newest revision into the caller's draft would come to. */
export const mergeQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.components, id, 'merge'],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/components/{component_id}/draft/merge', {
          params: { path: { component_id: id } },
          signal,
        }),
      ),
    gcTime: 0,
  });
