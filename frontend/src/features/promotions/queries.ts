import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
} from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/queries';
import { type ReviewSearch, toReviewQuery } from './search';

export const promotionKeys = {
  all: ['promotions'] as const,
  policy: (team: string) => [...keys.teams, 'policy', team] as const,
};

export const promotionsQuery = (search: ReviewSearch) =>
  infiniteQueryOptions({
    queryKey: [...promotionKeys.all, 'list', search],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/promotions', {
          params: {
            query: {
              ...toReviewQuery(search),
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    // The old rows stay until the new ones are there.
    placeholderData: keepPreviousData,
  });

/** How many wait for this person; the rail shows it. */
export const waitingQuery = queryOptions({
  queryKey: [...promotionKeys.all, 'waiting'],
  queryFn: async ({ signal }) => {
    const query = { needs_me: true, count: true, limit: 1 };
    const page = await unwrap(
      api.GET('/api/v1/promotions', { params: { query }, signal }),
    );
    return page.total ?? 0;
  },
  staleTime: 60_000,
});

export const promotionQuery = (id: string) =>
  queryOptions({
    queryKey: [...promotionKeys.all, id],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/promotions/{promotion_id}', {
          params: { path: { promotion_id: id } },
          signal,
        }),
      ),
  });

/** How the labels of a team are protected; for its members. */
export const policyQuery = (team: string) =>
  queryOptions({
    queryKey: promotionKeys.policy(team),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/teams/{team}/policy', { params: { path: { team } }, signal }),
      ),
  });
