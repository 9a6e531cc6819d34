import { HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import type { FieldError, UserMe } from '@/api/types';

/** Each test says with `server.use(…)` what the API answers. */
export const server = setupServer();

export const url = (path: string) => `${globalThis.location.origin}/api/v1${path}`;

interface ProblemOptions {
  detail?: string;
  errors?: FieldError[];
  headers?: Record<string, string>;
}

export function problem(status: number, code: string, options: ProblemOptions = {}) {
  const { headers = {}, ...rest } = options;
  return HttpResponse.json(
    {
      type: `/problems/${code}`,
      title: code,
      status,
      request_id: 'req-1',
      ...rest,
    },
    { status, headers: { ...headers, 'Content-Type': 'application/problem+json' } },
  );
}

export const token = (access: string) =>
  HttpResponse.json({ access_token: access, token_type: 'bearer', expires_in: 900 });

export const ada: UserMe = {
  id: '0190f2a0-0000-7000-8000-000000000001',
  username: 'ada',
  email: 'ada@example.org',
  email_verified: true,
  pending_email: null,
  display_name: 'Ada',
  is_admin: true,
  created_at: '2026-01-02T03:04:05Z',
  teams: [
    {
      id: '0190f2a0-0000-7000-8000-000000000002',
      slug: 'ada',
      name: 'Ada',
      is_personal: true,
      role: 'owner',
      locked: false,
    },
  ],
};
