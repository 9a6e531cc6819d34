import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapTagged } from '@/api/client';
import { keys } from '@/api/queries';
import type { Team } from '@/api/types';

const PAGE = 50;

export const teamKeys = {
  one: (slug: string) => [...keys.teams, 'one', slug] as const,
  members: (slug: string) => [...keys.teams, 'members', slug] as const,
  /** Null: into the instance alone. */
  invitations: (slug: string | null) => [...keys.teams, 'invitations', slug] as const,
};

/** A team with the tag that a change of it needs. */
export const teamQuery = (slug: string) =>
  queryOptions({
    queryKey: teamKeys.one(slug),
    queryFn: async ({ signal }) => {
      const { data, etag } = await unwrapTagged(
        api.GET('/api/v1/teams/{team}', { params: { path: { team: slug } }, signal }),
      );
      return { ...data, etag };
    },
  });

const cursorOf = (cursor: string | null) => (cursor ? { cursor } : {});

export const myTeamsQuery = infiniteQueryOptions({
  queryKey: [...keys.teams, 'mine'],
  queryFn: ({ pageParam, signal }) =>
    unwrap(
      api.GET('/api/v1/teams', {
        params: { query: { limit: PAGE, ...cursorOf(pageParam) } },
        signal,
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
});

export const membersQuery = (slug: string) =>
  infiniteQueryOptions({
    queryKey: teamKeys.members(slug),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/teams/{team}/members', {
          params: {
            path: { team: slug },
            query: { limit: PAGE, ...cursorOf(pageParam) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });

/** The invitations into a team; null: into the instance alone. */
export const invitationsQuery = (slug: string | null) =>
  infiniteQueryOptions({
    queryKey: teamKeys.invitations(slug),
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...cursorOf(pageParam) };
      return unwrap(
        slug === null
          ? api.GET('/api/v1/instance/invitations', { params: { query }, signal })
          : api.GET('/api/v1/teams/{team}/invitations', {
              params: { path: { team: slug }, query },
              signal,
            }),
      );
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });

/** Asked without an account too; a used, old or invented token looks the same: 404. */
export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) =>
      unwrap(api.POST('/api/v1/invitations/inspect', { body: { token }, signal })),
  });

export type LoadedTeam = Team & { etag: string | null };
