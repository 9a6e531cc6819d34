import { HttpResponse, http } from 'msw';
import { describe, expect, it } from 'vitest';
import { ada, problem, server, token, url } from '@/test/server';
import { api, unwrap, unwrapTagged } from './client';
import { isOffline } from './network';
import { OfflineError, ProblemError } from './problem';
import { begin, restore, sessionState } from './session';

const signedIn = async (access = 'first') => {
  server.use(http.get(url('/users/me'), () => HttpResponse.json(ada)));
  await begin({ access_token: access, token_type: 'bearer', expires_in: 900 });
};

/** Answers only to the token that is good now. */
const rulesFor = (good: string) =>
  http.get(url('/rules'), ({ request }) =>
    request.headers.get('Authorization') === `Bearer ${good}`
      ? HttpResponse.json({ items: [] }, { headers: { ETag: '"7"' } })
      : problem(401, 'not-signed-in'),
  );

describe('the API client', () => {
  it('refreshes once for requests that fail together, and sends them again', async () => {
    await signedIn();
    let refreshes = 0;
    server.use(
      rulesFor('second'),
      http.post(url('/auth/refresh'), () => {
        refreshes++;
        return token('second');
      }),
    );
    const answers = await Promise.all(
      [1, 2, 3].map(() => unwrap(api.GET('/api/v1/rules'))),
    );
    expect(answers).toHaveLength(3);
    expect(refreshes).toBe(1);
  });

  it('ends the session when the refresh is refused', async () => {
    await signedIn();
    server.use(
      rulesFor('never'),
      http.post(url('/auth/refresh'), () => problem(401, 'not-signed-in')),
    );
    await expect(unwrap(api.GET('/api/v1/rules'))).rejects.toMatchObject({
      status: 401,
      code: 'not-signed-in',
    });
    expect(sessionState().status).toBe('anonymous');
  });

  it('keeps the session when the refresh finds the server in trouble', async () => {
    await signedIn();
    server.use(
      rulesFor('never'),
      http.post(url('/auth/refresh'), () => problem(503, 'unavailable')),
    );
    await expect(unwrap(api.GET('/api/v1/rules'))).rejects.toMatchObject({
      status: 503,
    });
    expect(sessionState().status).toBe('signed-in');
  });

  it('says field errors, request id and how long to wait', async () => {
    await signedIn();
    const errors = [{ loc: 'email', message: 'Taken', code: 'taken' }];
    server.use(
      http.patch(url('/users/me'), () =>
        problem(429, 'too-many-requests', {
          errors,
          detail: 'Slow down.',
          headers: { 'Retry-After': '9' },
        }),
      ),
    );
    const failure = await unwrap(api.PATCH('/api/v1/users/me', { body: {} })).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(ProblemError);
    expect(failure).toMatchObject({
      message: 'Slow down.',
      requestId: 'req-1',
      retryAfter: 9,
      errors,
    });
  });

  it('gives the ETag beside the body', async () => {
    await signedIn();
    server.use(rulesFor('first'));
    const { etag } = await unwrapTagged(api.GET('/api/v1/rules'));
    expect(etag).toBe('"7"');
  });

  it('sends a POST whose answer got lost once more, with the same key', async () => {
    await signedIn();
    const keys: (string | null)[] = [];
    server.use(
      http.post(url('/teams'), ({ request }) => {
        keys.push(request.headers.get('Idempotency-Key'));
        return keys.length === 1
          ? HttpResponse.error()
          : HttpResponse.json({ slug: 'crew' }, { status: 201 });
      }),
    );
    const made = () =>
      unwrap(api.POST('/api/v1/teams', { body: { slug: 'crew', name: 'Crew' } }));
    await expect(made()).resolves.toMatchObject({ slug: 'crew' });
    expect(keys).toHaveLength(2);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[1]).toBe(keys[0]);

    await made();
    expect(keys[2]).not.toBe(keys[0]);
  });

  it('never makes a secret twice', async () => {
    await signedIn();
    const keys: (string | null)[] = [];
    const note = ({ request }: { request: Request }) => {
      keys.push(request.headers.get('Idempotency-Key'));
      return HttpResponse.error();
    };
    server.use(
      http.post(url('/auth/tokens'), note),
      http.post(url('/teams/crew/invitations'), note),
    );
    await expect(
      unwrap(
        api.POST('/api/v1/auth/tokens', {
          body: { name: 'CI', scopes: ['read'], expires_in_days: 9 },
        }),
      ),
    ).rejects.toBeInstanceOf(OfflineError);
    await expect(
      unwrap(
        api.POST('/api/v1/teams/{team}/invitations', {
          params: { path: { team: 'crew' } },
          body: { role: 'editor', expires_in_days: 9 },
        }),
      ),
    ).rejects.toBeInstanceOf(OfflineError);
    expect(keys).toEqual([null, null]);
  });

  it('knows a missing answer from a refused one', async () => {
    await signedIn();
    server.use(http.get(url('/rules'), () => HttpResponse.error()));
    await expect(unwrap(api.GET('/api/v1/rules'))).rejects.toBeInstanceOf(OfflineError);
    expect(isOffline()).toBe(true);
  });
});

describe('restoring a session', () => {
  it('asks nothing of the server in a browser that never signed in', async () => {
    expect((await restore()).status).toBe('anonymous');
  });

  it('comes back through the cookie, without a token in storage', async () => {
    localStorage.setItem('roster-session', '1');
    server.use(
      http.post(url('/auth/refresh'), () => token('secret-token')),
      http.get(url('/users/me'), () => HttpResponse.json(ada)),
    );
    expect(await restore()).toEqual({ status: 'signed-in', user: ada });
    expect(JSON.stringify({ ...localStorage })).not.toContain('secret-token');
  });
});
