import { HttpResponse, http } from 'msw';
import { server, url } from '@/test/server';
import type { ApiTokenPublic, Factors, SessionPublic } from './types';

export function aSession(id: string, change: Partial<SessionPublic> = {}) {
  const session: SessionPublic = {
    id,
    current: false,
    client: 'browser',
    device: 'Firefox on Linux',
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0',
    address: '192.0.2.7',
    created_at: '2026-05-01T12:00:00Z',
    last_used_at: '2026-05-02T12:00:00Z',
    expires_at: '2026-06-01T12:00:00Z',
  };
  return { ...session, ...change };
}

export function aToken(name: string, change: Partial<ApiTokenPublic> = {}) {
  const token: ApiTokenPublic = {
    id: `id-${name}`,
    name,
    scopes: ['read'],
    teams: null,
    created_at: '2026-05-01T12:00:00Z',
    expires_at: null,
    last_used_at: null,
    revoked_at: null,
    hint: 'rst_…4f2a',
  };
  return { ...token, ...change };
}

const page = (items: unknown[]) => HttpResponse.json({ items, next_cursor: null });

interface Account {
  sessions: SessionPublic[];
  factors: Factors;
  tokens: ApiTokenPublic[];
}

/** What the account has; a test changes it as the server would. */
export function serveAccount(account: Partial<Account> = {}): Account {
  const state: Account = {
    sessions: [aSession('s1', { current: true })],
    factors: { totp_confirmed_at: null, recovery_codes_left: 0 },
    tokens: [],
    ...account,
  };
  server.use(
    http.get(url('/auth/sessions'), () => page(state.sessions)),
    http.get(url('/auth/factors'), () => HttpResponse.json(state.factors)),
    http.get(url('/auth/tokens'), () => page(state.tokens)),
    http.get(url('/instance'), () =>
      HttpResponse.json({ registration: 'open', token_max_days: 365, mail: true }),
    ),
  );
  return state;
}
