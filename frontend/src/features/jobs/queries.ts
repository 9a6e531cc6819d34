import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
} from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { catchUp, type JobLog } from './log';
import { isActive } from './progress';
import { type JobSearch, toJobQuery } from './search';
import type { JobLine, JobPublic } from './types';

const PAGE = 30;
const LINES = 500;
/** How many of my newest jobs the top bar knows. */
const RECENT = 30;

export const jobKeys = {
  all: ['jobs'] as const,
  lists: ['jobs', 'list'] as const,
  mine: ['jobs', 'mine'] as const,
  queues: ['jobs', 'queues'] as const,
  one: (id: string) => ['jobs', id, 'job'] as const,
  log: (id: string) => ['jobs', id, 'log'] as const,
};

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: jobKeys.one(id),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/jobs/{job_id}', {
          params: { path: { job_id: id } },
          signal,
        }),
      ),
  });

export const jobsQuery = (search: JobSearch) =>
  infiniteQueryOptions({
    queryKey: [...jobKeys.lists, search],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/jobs', {
          params: {
            query: {
              ...toJobQuery(search),
              limit: PAGE,
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    // The old rows stay until the new ones are there.
    placeholderData: keepPreviousData,
  });

/** My newest jobs: what runs, and what has ended of late. */
export const mineQuery = queryOptions({
  queryKey: jobKeys.mine,
  queryFn: async ({ signal }) => {
    const query = { scope: 'mine', limit: RECENT } as const;
    const { items } = await unwrap(
      api.GET('/api/v1/jobs', { params: { query }, signal }),
    );
    return items;
  },
  // Streams tell of what runs. This is for what begins elsewhere, and for what ends
  // just when a stream begins.
  refetchInterval: ({ state }) => (state.data?.some(isActive) ? 5_000 : 60_000),
  meta: { quiet: true },
});

export const queuesQuery = queryOptions({
  queryKey: jobKeys.queues,
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/jobs/queues', { signal })),
  refetchInterval: 5_000,
});

/** The lines after this number, `LINES` at most unless there are to be all. */
export async function readLines(
  id: string,
  after: number,
  options: { all: boolean; signal?: AbortSignal },
): Promise<JobLine[]> {
  const lines: JobLine[] = [];
  let more = true;
  while (more) {
    const page = await unwrap(
      api.GET('/api/v1/jobs/{job_id}/log', {
        params: {
          path: { job_id: id },
          query: { after: lines.at(-1)?.number ?? after, limit: LINES },
        },
        ...(options.signal ? { signal: options.signal } : {}),
      }),
    );
    lines.push(...page.items);
    more = options.all && page.items.length === LINES;
  }
  return lines;
}

/** The end of a job's log, kept: asked again it reads only what came since. */
export const logQuery = (client: QueryClient, id: string) =>
  queryOptions<JobLog>({
    queryKey: jobKeys.log(id),
    queryFn: ({ signal, queryKey }) => {
      const known = () => client.getQueryData<JobLog>(queryKey);
      const count = client.getQueryData<JobPublic>(jobKeys.one(id))?.lines ?? 0;
      return catchUp(known, count, (after) =>
        readLines(id, after, { all: true, signal }),
      );
    },
    meta: { quiet: true },
  });

export const cancelJob = (id: string) =>
  unwrap(
    api.POST('/api/v1/jobs/{job_id}/cancel', {
      params: { path: { job_id: id } },
    }),
  );

export const retryJob = (id: string) =>
  unwrap(
    api.POST('/api/v1/jobs/{job_id}/retry', {
      params: { path: { job_id: id } },
    }),
  );
