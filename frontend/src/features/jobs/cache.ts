/** What is told of jobs, put where it is shown. */
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { sessionState } from '@/api/session';
import type { Page } from '@/api/types';
import { addLines, type JobLog, knownUntil, UNREAD } from './log';
import { isActive } from './progress';
import { jobKeys } from './queries';
import type { JobLine, JobPublic } from './types';

/** What ended does not run again: what says so was told late. */
export const newer = (old: JobPublic | undefined, job: JobPublic): JobPublic =>
  old && !isActive(old) && isActive(job) ? old : job;

const within = (jobs: JobPublic[], job: JobPublic) =>
  jobs.some(({ id }) => id === job.id)
    ? jobs.map((old) => (old.id === job.id ? newer(old, job) : old))
    : jobs;

/** Shows a job as it is now, wherever it is shown. */
export function putJob(client: QueryClient, job: JobPublic): void {
  const before = client.getQueryData<JobPublic>(jobKeys.one(job.id));
  client.setQueryData<JobPublic>(jobKeys.one(job.id), newer(before, job));
  client.setQueryData<JobPublic[]>(jobKeys.mine, (mine) => mine && within(mine, job));
  client.setQueriesData<InfiniteData<Page<JobPublic>>>(
    { queryKey: jobKeys.lists },
    (list) =>
      list && {
        ...list,
        pages: list.pages.map((page) => ({
          ...page,
          items: within(page.items, job),
        })),
      },
  );
}

/** Asks anew for what lists jobs: one came, or one ended. */
export function jobsChanged(client: QueryClient): void {
  for (const queryKey of [jobKeys.mine, jobKeys.lists, jobKeys.queues]) {
    void client.invalidateQueries({ queryKey });
  }
}

/** As it is told by a stream. */
export function hearJob(client: QueryClient, job: JobPublic): void {
  const mine = client.getQueryData<JobPublic[]>(jobKeys.mine);
  const listed = mine?.find(({ id }) => id === job.id);
  const before = client.getQueryData<JobPublic>(jobKeys.one(job.id)) ?? listed;
  putJob(client, job);
  const isMine = job.actor?.username === sessionState().user?.username;
  const isNew = mine && !listed && isMine && isActive(job);
  const ended = before && isActive(before) && !isActive(job);
  if (isNew || ended) jobsChanged(client);
  if (ended) endLog(client, job.id);
}

/** Adds to a log that somebody reads; one that nobody reads is read when it is. */
export function hearLines(
  client: QueryClient,
  id: string,
  lines: readonly JobLine[],
): void {
  const queryKey = jobKeys.log(id);
  const reading = client.getQueryState(queryKey)?.fetchStatus === 'fetching';
  const known = client.getQueryData<JobLog>(queryKey);
  // What is being read may end before these: they are added to it.
  if (!known && !reading) return;
  const log = known ?? UNREAD;
  const until = knownUntil(log);
  client.setQueryData<JobLog>(queryKey, addLines(log, lines));
  const first = lines.find(({ number }) => number > until);
  if (!reading && first && first.number > until + 1)
    void client.invalidateQueries({ queryKey });
}

/** Reads what of a log may not have been told. */
export const endLog = (client: QueryClient, id: string) =>
  void client.invalidateQueries({ queryKey: jobKeys.log(id) });
