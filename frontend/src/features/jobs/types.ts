/** The resources of jobs by name, as the pages of this folder and others use them. */
import type { Job, JobQueues } from '@/api/types';

export type {
  Job as JobPublic,
  JobLine,
  JobQueues,
  JobState,
  QueueName,
} from '@/api/types';

/** How far a job is: what other resources say of theirs is enough. */
export type JobRef = Pick<Job, 'id' | 'state' | 'step' | 'done' | 'total'>;
export type Waiting = NonNullable<Job['waiting']>;
export type JobQueue = JobQueues['queues'][number];
export type JobWorker = JobQueues['workers'][number];
export type JobSchedule = JobQueues['schedules'][number];
