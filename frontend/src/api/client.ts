import createClient from 'openapi-fetch';
import { toProblem } from './problem';
import type { paths } from './schema';
import { accessToken, apiOrigin, forget, refresh, send } from './session';

/** What works without anybody signed in, and never refreshes a session. */
const anonymous = new Set(
  [
    'auth/register',
    'auth/token',
    'auth/refresh',
    'auth/logout',
    'auth/verify-email',
    'auth/password-reset',
    'auth/password-reset/confirm',
    'instance',
    'invitations/inspect',
  ].map((path) => `/api/v1/${path}`),
);

/**
 * Sends with the access token; on 401 refreshes once and sends again. When that fails
 * the session ends, and the shell asks to sign in and comes back to the same address.
 */
export async function authorizedFetch(request: Request): Promise<Response> {
  if (anonymous.has(new URL(request.url).pathname)) return send(request);

  const attempt = () => {
    const copy = request.clone();
    const token = accessToken();
    if (token) copy.headers.set('Authorization', `Bearer ${token}`);
    return send(copy);
  };
  if (!accessToken()) await refresh();
  const used = accessToken();
  const response = await attempt();
  if (response.status !== 401) return response;
  // Somebody else may have refreshed while this request was under way.
  if (accessToken() !== used || (await refresh())) {
    const second = await attempt();
    if (second.status === 401) forget();
    return second;
  }
  return response;
}

export const api = createClient<paths, 'application/json'>({
  baseUrl: apiOrigin || globalThis.location.origin,
  credentials: 'include',
  fetch: authorizedFetch,
  // ?tool=Read&tool=Grep
  querySerializer: { array: { style: 'form', explode: true } },
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of the answer, or a thrown `ProblemError`. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  return (await unwrapTagged(call)).data;
}

/** As `unwrap`, with the ETag that a later `If-Match` needs. */
export async function unwrapTagged<T>(
  call: Promise<Answer<T>>,
): Promise<{ data: T; etag: string | null }> {
  const { data, error, response } = await call;
  if (!response.ok) throw toProblem(error, response);
  return { data: data as T, etag: response.headers.get('ETag') };
}
