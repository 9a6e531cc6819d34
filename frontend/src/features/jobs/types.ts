/** The resources of jobs by name, as the pages of this folder and others use them. */
import type { Author } from '@/api/types';

export const STATES = [
  'queued',
  'running',
  'succeeded',
  'failed',
  'cancelled',
] as const;
export type JobState = (typeof STATES)[number];

export interface TeamRef {
  id: string;
  slug: string;
  name: string;
}

/** Why a job has not begun. */
export interface Waiting {
  ahead: number;
  reason: 'later' | 'turn' | 'no_worker' | 'overloaded';
}

export interface JobPublic {
  id: string;
  kind: string;
  queue: string;
  state: JobState;
  title: string;
  subject: { kind: string; id: string } | null;
  team: TeamRef | null;
  actor: Author | null;
  created_at: string;
  due_at: string;
  started_at: string | null;
  finished_at: string | null;
  attempts: number;
  most_attempts: number;
  step: string;
  done: number;
  total: number | null;
  lines: number;
  result: Record<string, unknown> | null;
  error: string;
  priority: number;
  cancel_requested_at: string | null;
  cancelled_by: Author | null;
  worker: string;
  waiting: Waiting | null;
  /** An administrator who may not see what it is about is shown that it is. */
  is_private: boolean;
  can_cancel: boolean;
  can_retry: boolean;
}

/** How far a job is: what other resources say of theirs is enough. */
export type JobRef = Pick<JobPublic, 'id' | 'state' | 'step' | 'done' | 'total'>;

export interface JobLine {
  number: number;
  attempt: number;
  level: 'info' | 'warning' | 'error';
  message: string;
  created_at: string;
}

export interface JobQueue {
  name: string;
  waiting: number;
  running: number;
  oldest_waiting_seconds: number;
  succeeded_last_hour: number;
  failed_last_hour: number;
  is_overloaded: boolean;
}

export interface JobWorker {
  name: string;
  queues: string[];
  slots: number;
  is_embedded: boolean;
  started_at: string;
  seen_at: string;
  is_alive: boolean;
}

export interface JobSchedule {
  kind: string;
  every_seconds: number;
  last_at: string | null;
  last_state: JobState | null;
  next_at: string;
}

export interface JobQueues {
  executor: 'embedded' | 'celery';
  broker_reachable: boolean | null;
  queues: JobQueue[];
  workers: JobWorker[];
  schedules: JobSchedule[];
}
