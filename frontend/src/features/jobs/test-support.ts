import type { JobLine, JobPublic } from './types';

export const JOB_ID = '019a7c1d-90e4-7d02-8a4b-0f5c6d7e8f90';

export const aJob = (change: Partial<JobPublic> = {}): JobPublic => ({
  id: JOB_ID,
  kind: 'imports.read',
  queue: 'imports',
  state: 'running',
  title: 'Import of harbour.zip',
  subject: { kind: 'import', id: '019a7c1d-90e4-7d02-8a4b-0f5c6d7e8f91' },
  team: null,
  actor: { username: 'ada', display_name: 'Ada' } as JobPublic['actor'],
  created_at: '2026-01-31T12:00:00Z',
  due_at: '2026-01-31T12:00:00Z',
  started_at: '2026-01-31T12:00:01Z',
  finished_at: null,
  attempts: 1,
  most_attempts: 5,
  step: 'Reading files',
  done: 12,
  total: 40,
  lines: 2,
  result: null,
  error: '',
  priority: 0,
  cancel_requested_at: null,
  cancelled_by: null,
  worker: 'one',
  waiting: null,
  is_private: false,
  can_cancel: true,
  can_retry: false,
  ...change,
});

export const aLine = (number: number, change: Partial<JobLine> = {}): JobLine => ({
  number,
  attempt: 1,
  level: 'info',
  message: `Line ${number}`,
  created_at: '2026-01-31T12:00:02Z',
  ...change,
});

/** Text as a stream sends it. */
export const saying = (event: string, data: object, id: string) =>
  `event: ${event}\ndata: ${JSON.stringify(data)}\nid: ${id}\n\n`;
