/** Everything that changes teams, one function per request. */
import type { QueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/queries';
import { loadUser } from '@/api/session';
import type { InvitationCreate, Role, TeamCreate, TeamUpdate } from '@/api/types';

export const createTeam = (body: TeamCreate) =>
  unwrap(api.POST('/api/v1/teams', { body }));

export const updateTeam = (team: string, etag: string | null, body: TeamUpdate) =>
  unwrap(
    api.PATCH('/api/v1/teams/{team}', {
      params: { path: { team }, header: { 'If-Match': etag ?? '*' } },
      body,
    }),
  );

export const deleteTeam = (team: string) =>
  unwrap(
    api.DELETE('/api/v1/teams/{team}', {
      params: { path: { team }, query: { confirm: team } },
    }),
  );

/** Adds somebody who has an account, or changes the role of a member. */
export const setMember = (team: string, username: string, role: Role) =>
  unwrap(
    api.PUT('/api/v1/teams/{team}/members/{username}', {
      params: { path: { team, username } },
      body: { role },
    }),
  );

/** Removes a member; for oneself it is leaving. */
export const removeMember = (team: string, username: string) =>
  unwrap(
    api.DELETE('/api/v1/teams/{team}/members/{username}', {
      params: { path: { team, username } },
    }),
  );

export const transferTeam = (team: string, username: string) =>
  unwrap(
    api.POST('/api/v1/teams/{team}/transfer', {
      params: { path: { team } },
      body: { username },
    }),
  );

export const takeOwnership = (team: string) =>
  unwrap(api.POST('/api/v1/teams/{team}/ownership', { params: { path: { team } } }));

/** Null: into the instance alone, where there are no roles. */
export const invite = (team: string | null, { role, ...body }: InvitationCreate) =>
  unwrap(
    team === null
      ? api.POST('/api/v1/instance/invitations', { body })
      : api.POST('/api/v1/teams/{team}/invitations', {
          params: { path: { team } },
          body: { ...body, role },
        }),
  );

export const revokeInvitation = (team: string | null, id: string) =>
  unwrap(
    team === null
      ? api.DELETE('/api/v1/instance/invitations/{invitation_id}', {
          params: { path: { invitation_id: id } },
        })
      : api.DELETE('/api/v1/teams/{team}/invitations/{invitation_id}', {
          params: { path: { team, invitation_id: id } },
        }),
  );

export const acceptInvitation = (token: string) =>
  unwrap(api.POST('/api/v1/invitations/accept', { body: { token } }));

/**
 * After a change of teams: the person's own memberships are read again, and whatever
 * depends on them, which is everything that can be seen.
 */
export async function refreshTeams(client: QueryClient) {
  await Promise.all([
    loadUser(),
    client.invalidateQueries({ queryKey: keys.teams }),
    client.invalidateQueries({ queryKey: keys.audit }),
  ]);
  for (const queryKey of [keys.agents, keys.components, keys.imports]) {
    void client.invalidateQueries({ queryKey });
  }
}
