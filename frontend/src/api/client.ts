import createClient from 'openapi-fetch';
import { OfflineError, toProblem } from './problem';
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

/** What answers with a secret, or takes a password, is never sent a second time. */
const once =
  /\/(auth\/(?!logout-all$|verify-email\/resend$).+|(teams\/[^/]+|instance)\/invitations|users\/[^/]+\/reset|secrets\/[^/]+\/reveal)$/;

/** A value that no other request has; `randomUUID` is for https alone. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * A POST whose answer got lost may have been done. With its key it is sent once more:
 * the server then gives the first answer again, and does nothing twice.
 */
async function sendKeyed(attempt: () => Promise<Response>): Promise<Response> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof OfflineError) return attempt();
    throw error;
  }
}

/**
 * Sends with the access token; on 401 refreshes once and sends again. When that fails
 * the session ends, and the shell asks to sign in and comes back to the same address.
 */
export async function authorizedFetch(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (anonymous.has(pathname)) return send(request);

  const key = request.method === 'POST' && !once.test(pathname) ? newKey() : null;
  const attempt = () => {
    const sending = () => {
      const copy = request.clone();
      const token = accessToken();
      if (token) copy.headers.set('Authorization', `Bearer ${token}`);
      if (key) copy.headers.set('Idempotency-Key', key);
      return send(copy);
    };
    return key ? sendKeyed(sending) : sending();
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
