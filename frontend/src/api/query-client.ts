import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { OfflineError, ProblemError } from './problem';

export interface QueryMeta extends Record<string, unknown> {
  /** The page shows this error itself: no toast. */
  quiet?: boolean;
}

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: QueryMeta;
    mutationMeta: QueryMeta;
    defaultError: Error;
  }
}

const worthAnotherTry = (count: number, error: Error) =>
  count < 2 &&
  (error instanceof OfflineError ||
    (error instanceof ProblemError && error.status >= 502 && error.status <= 504));

/**
 * Queries show their errors where the data would be; mutations answer in a toast unless
 * the form shows the error itself (`meta: { quiet: true }`).
 */
export function createQueryClient(onError: (error: Error) => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        // A refresh in the background failed: the old data stays, so say it.
        if (query.state.data !== undefined && !query.meta?.quiet) onError(error);
      },
    }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        if (!mutation.meta?.quiet) onError(error);
      },
    }),
    defaultOptions: {
      queries: { staleTime: 15_000, retry: worthAnotherTry, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
