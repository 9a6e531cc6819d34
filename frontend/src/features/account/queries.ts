import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';

export const accountKeys = {
  sessions: ['account', 'sessions'] as const,
  factors: ['account', 'factors'] as const,
  tokens: ['account', 'tokens'] as const,
};

export const sessionsQuery = infiniteQueryOptions({
  queryKey: accountKeys.sessions,
  queryFn: ({ pageParam, signal }) =>
    unwrap(
      api.GET('/api/v1/auth/sessions', {
        params: { query: pageParam ? { cursor: pageParam } : {} },
        signal,
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
});

export const factorsQuery = queryOptions({
  queryKey: accountKeys.factors,
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/auth/factors', { signal })),
});

export const tokensQuery = infiniteQueryOptions({
  queryKey: accountKeys.tokens,
  queryFn: ({ pageParam, signal }) =>
    unwrap(
      api.GET('/api/v1/auth/tokens', {
        params: { query: pageParam ? { cursor: pageParam } : {} },
        signal,
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
});
