import { QueryClient } from '@tanstack/react-query';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { hear } from './follow';
import type { JobLog } from './log';
import { jobKeys } from './queries';
import { aJob, aLine, JOB_ID } from './test-support';
import type { JobPublic } from './types';

const LIST = [...jobKeys.lists, {}];
const said = (event: string, data: object) => ({ event, data: JSON.stringify(data) });
const line = (number: number) => said('line', { ...aLine(number), job_id: JOB_ID });

describe('what is told of jobs', () => {
  const client = new QueryClient();
  const job = () => client.getQueryData<JobPublic>(jobKeys.one(JOB_ID));
  const log = () => client.getQueryData<JobLog>(jobKeys.log(JOB_ID))?.lines ?? [];
  const stale = (key: readonly unknown[]) => client.getQueryState(key)?.isInvalidated;

  const begin = () => {
    client.setQueryData(jobKeys.one(JOB_ID), aJob());
    client.setQueryData(jobKeys.mine, [aJob()]);
    client.setQueryData(LIST, { pages: [{ items: [aJob()] }], pageParams: [null] });
    client.setQueryData(jobKeys.log(JOB_ID), {
      lines: [aLine(1), aLine(2)],
      isRead: true,
    });
  };
  afterEach(() => {
    client.clear();
    vi.restoreAllMocks();
  });

  it('is shown wherever the job is', () => {
    begin();
    expect(hear(client, [said('job', aJob({ done: 30 }))])).toBe(true);
    expect(job()?.done).toBe(30);
    expect(client.getQueryData<JobPublic[]>(jobKeys.mine)?.[0]?.done).toBe(30);
    const list = client.getQueryData<{ pages: { items: JobPublic[] }[] }>(LIST);
    expect(list?.pages[0]?.items[0]?.done).toBe(30);
    expect(stale(LIST)).toBe(false);
  });

  it('has the lists and the log asked for anew when the job ends', () => {
    begin();
    hear(client, [said('job', aJob({ state: 'failed' }))]);
    expect(stale(LIST)).toBe(true);
    expect(stale(jobKeys.mine)).toBe(true);
    expect(stale(jobKeys.log(JOB_ID))).toBe(true);
  });

  it('does not wake what has ended', () => {
    begin();
    hear(client, [said('job', aJob({ state: 'cancelled' }))]);
    hear(client, [said('job', aJob({ done: 31 }))]);
    expect(job()?.state).toBe('cancelled');
  });

  it('adds lines once, and reads what was missed', () => {
    begin();
    hear(client, [line(2), line(3)]);
    expect(log().map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(stale(jobKeys.log(JOB_ID))).toBe(false);
    hear(client, [line(5)]);
    expect(stale(jobKeys.log(JOB_ID))).toBe(true);
  });

  it('keeps no lines of a log that nobody reads', () => {
    hear(client, [line(7)]);
    expect(client.getQueryData(jobKeys.log(JOB_ID))).toBeUndefined();
  });

  it('ends with the job', () => {
    begin();
    expect(hear(client, [line(3), said('end', {})])).toBe(false);
    expect(log()).toHaveLength(3);
  });
});
