/**
 * Who is signed in. The access token lives in this module's memory only; the refresh
 * token is an HttpOnly cookie that scripts cannot read.
 */
import { reportAnswer } from './network';
import { OfflineError, toProblem } from './problem';
import type { Token, UserMe } from './types';

export const apiOrigin = import.meta.env.VITE_API_URL ?? '';

/** Says only that this browser had a session, to spare strangers a refused refresh. */
const HINT = 'roster-session';

export type SessionState =
  | { status: 'unknown'; user: null }
  /** `left`: they signed out themselves, so there is nowhere to come back to. */
  | { status: 'anonymous'; user: null; left?: boolean }
  | { status: 'signed-in'; user: UserMe };

let token: string | null = null;
let state: SessionState = { status: 'unknown', user: null };
let refreshing: Promise<boolean> | null = null;
let restoring: Promise<SessionState> | null = null;
const listeners = new Set<() => void>();

function set(next: SessionState) {
  state = next;
  for (const listener of listeners) listener();
}

export const accessToken = () => token;
export const sessionState = () => state;
export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A fetch that turns a missing answer into `OfflineError`. */
export async function send(input: RequestInfo | URL, init?: RequestInit) {
  try {
    const response = await fetch(input, init);
    reportAnswer(true);
    return response;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    reportAnswer(false);
    throw new OfflineError('The server cannot be reached.', { cause });
  }
}

async function exchange(): Promise<boolean> {
  const response = await send(`${apiOrigin}/api/v1/auth/refresh`, {
    method: 'POST',
    credentials: 'include',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  });
  if (response.ok) {
    token = ((await response.json()) as Token).access_token;
    return true;
  }
  if (response.status >= 500 || response.status === 429) {
    throw toProblem(await response.json().catch(() => null), response);
  }
  forget();
  return false;
}

async function exchangeAlone(): Promise<boolean> {
  // Browsers have locks in secure contexts only.
  const locks: LockManager | null | undefined = navigator.locks;
  return locks ? locks.request('roster-refresh', exchange) : exchange();
}

/**
 * New access token through the cookie; false when the session is over. One request at
 * a time, in this tab and (with a lock) across tabs, because refresh tokens rotate.
 */
export function refresh(): Promise<boolean> {
  refreshing ??= exchangeAlone().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

export async function loadUser(): Promise<UserMe> {
  const response = await send(`${apiOrigin}/api/v1/users/me`, {
    credentials: 'include',
    headers: { Authorization: `Bearer ${token}` },
  });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw toProblem(body, response);
  const user = body as UserMe;
  set({ status: 'signed-in', user });
  return user;
}

/** Resolves once per page load whether somebody is signed in. */
export function restore(): Promise<SessionState> {
  if (state.status !== 'unknown') return Promise.resolve(state);
  restoring ??= (async () => {
    if (localStorage.getItem(HINT) && (await refresh())) await loadUser();
    else set({ status: 'anonymous', user: null });
    return state;
  })().finally(() => {
    restoring = null;
  });
  return restoring;
}

export async function begin(issued: Token): Promise<UserMe> {
  token = issued.access_token;
  localStorage.setItem(HINT, '1');
  return loadUser();
}

export function updateUser(user: UserMe) {
  set({ status: 'signed-in', user });
}

/** The session is over, here and now. */
export function forget(left = false) {
  token = null;
  localStorage.removeItem(HINT);
  set({ status: 'anonymous', user: null, left });
}

/** For tests: as after a fresh page load. */
export function reset() {
  token = null;
  refreshing = null;
  restoring = null;
  state = { status: 'unknown', user: null };
}
