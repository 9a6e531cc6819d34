import type { FieldError, Problem } from './types';

/** What the server answered when it said no: RFC 9457, with the field errors. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | null;
  readonly requestId: string | null;
  readonly errors: readonly FieldError[];
  /** Seconds to wait, from `Retry-After`. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.detail ?? problem.title);
    this.status = problem.status;
    this.code = problem.type.split('/').pop() ?? 'unknown';
    this.title = problem.title;
    this.detail = problem.detail ?? null;
    this.requestId = problem.request_id ?? null;
    this.errors = problem.errors ?? [];
    this.retryAfter = retryAfter;
  }
}

/** The request never got an answer: no network, or the server is down. */
export class OfflineError extends Error {
  override readonly name = 'OfflineError';
}

export function isProblem(error: unknown, code?: string): error is ProblemError {
  return error instanceof ProblemError && (code === undefined || error.code === code);
}

function isProblemBody(value: unknown): value is Problem {
  return (
    typeof value === 'object' &&
    value !== null &&
    'title' in value &&
    typeof value.title === 'string' &&
    'type' in value &&
    typeof value.type === 'string'
  );
}

function retryAfterOf(response: Response): number | null {
  const value = response.headers.get('Retry-After');
  if (!value) return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds));
  const until = Date.parse(value);
  return Number.isNaN(until)
    ? null
    : Math.max(0, Math.ceil((until - Date.now()) / 1000));
}

export function toProblem(body: unknown, response: Response): ProblemError {
  const requestId = response.headers.get('X-Request-ID');
  const problem: Problem = isProblemBody(body)
    ? { ...body, status: response.status }
    : {
        type: '/problems/unknown',
        title: `The server answered ${response.status}`,
        status: response.status,
        detail: 'It gave no reason that this app can read.',
      };
  return new ProblemError(
    {
      ...problem,
      ...(requestId ? { request_id: problem.request_id ?? requestId } : {}),
    },
    retryAfterOf(response),
  );
}

/** One sentence for a person, for any thrown value. */
export function describe(error: unknown): string {
  if (error instanceof OfflineError) return 'The server cannot be reached.';
  if (error instanceof Error) return error.message;
  return 'Something went wrong.';
}
