import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
} from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/queries';
import { toUserQuery, type UserSearch } from './search';

const PAGE = 50;

const cursorOf = (cursor: string | null) => (cursor ? { cursor } : {});

export const usersQuery = (search: UserSearch) =>
  infiniteQueryOptions({
    queryKey: [...keys.users, 'list', search],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/users', {
          params: {
            query: { ...toUserQuery(search), limit: PAGE, ...cursorOf(pageParam) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    // The old rows stay until the new ones are there.
    placeholderData: keepPreviousData,
  });

export const userQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.users, 'one', id],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/users/{user_id}', {
          params: { path: { user_id: id } },
          signal,
        }),
      ),
  });

export const policyQuery = queryOptions({
  queryKey: [...keys.instance, 'policy'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/instance/policy', { signal })),
});
