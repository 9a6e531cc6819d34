import { useMutation, useQueryClient } from '@tanstack/react-query';
import { jobsChanged, putJob } from './cache';
import { cancelJob, jobKeys, retryJob } from './queries';
import type { JobPublic } from './types';

/** Stops a job: shown at once, and taken back if the server does not want to. */
export function useCancel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (job: JobPublic) => cancelJob(job.id),
    onMutate: (job) => {
      const cancel_requested_at = new Date().toISOString();
      putJob(client, { ...job, cancel_requested_at, can_cancel: false });
    },
    onSuccess: (job) => putJob(client, job),
    onError: (_, job) => {
      putJob(client, job);
      void client.invalidateQueries({ queryKey: jobKeys.one(job.id) });
    },
    onSettled: () => jobsChanged(client),
  });
}

/** Asks for the same once more, as a job of its own. */
export function useRetry(onAgain?: (job: JobPublic) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (job: JobPublic) => retryJob(job.id),
    onSuccess: (again, job) => {
      putJob(client, again);
      void client.invalidateQueries({ queryKey: jobKeys.one(job.id) });
      jobsChanged(client);
      onAgain?.(again);
    },
  });
}
