import { HttpResponse, http } from 'msw';
import type { Invitation, Member, Team } from '@/api/types';
import { ada, server, url } from '@/test/server';

export const AT = '2026-05-01T12:00:00Z';

export function aTeam(change: Partial<Team> = {}): Team {
  return {
    id: 'team-1',
    slug: 'harbour',
    name: 'Harbour crew',
    is_personal: false,
    require_second_factor: false,
    share_usage: false,
    role: 'owner',
    members: 2,
    created_at: AT,
    locked: false,
    ...change,
  };
}

export function aMember(username: string, change: Partial<Member> = {}): Member {
  const id = username === ada.username ? ada.id : `user-${username}`;
  return {
    user: { id, username, display_name: '' },
    role: 'viewer',
    is_active: true,
    joined_at: AT,
    etag: '"v1"',
    has_second_factor: false,
    ...change,
  };
}

export function anInvitation(change: Partial<Invitation> = {}): Invitation {
  return {
    id: 'invitation-1',
    email: null,
    role: 'viewer',
    invited_by: { id: ada.id, username: 'ada', display_name: 'Ada' },
    created_at: AT,
    expires_at: '2036-05-01T12:00:00Z',
    state: 'open',
    accepted_by: null,
    ...change,
  };
}

/** The signed-in person as a member of this team. */
export const memberOf = (team: Team) => ({
  ...ada,
  teams: [
    ...ada.teams,
    ...(team.role ? [{ ...team, role: team.role, locked: team.locked }] : []),
  ],
});

interface TeamState {
  team: Team;
  members: Member[];
}

/** A team that answers as it is at the moment; change `state` to change it. */
export function serveTeam(team: Team, members: Member[] = []): TeamState {
  const state = { team, members };
  server.use(
    http.get(url(`/teams/${team.slug}`), () =>
      HttpResponse.json(state.team, { headers: { ETag: '"1"' } }),
    ),
    http.get(url(`/teams/${team.slug}/members`), () =>
      HttpResponse.json({ items: state.members, next_cursor: null }),
    ),
    http.get(url('/auth/factors'), () =>
      HttpResponse.json({ totp_confirmed_at: null, recovery_codes_left: 0 }),
    ),
  );
  return state;
}
