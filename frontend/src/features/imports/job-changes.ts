import { useMutation, useQueryClient } from '@tanstack/react-query';
import { cancelJob, jobKeys, retryJob } from '@/features/jobs/queries';
import type { JobPublic } from '@/features/jobs/types';
import { importKeys } from './queries';
import type { ImportPublic } from './types';

function useAfterJob(of: ImportPublic) {
  const client = useQueryClient();
  return (job: JobPublic) => {
    client.setQueryData(jobKeys.one(job.id), job);
    return Promise.all([
      client.invalidateQueries({ queryKey: jobKeys.mine }),
      client.invalidateQueries({ queryKey: importKeys.one(of.id) }),
      client.invalidateQueries({ queryKey: importKeys.list }),
    ]);
  };
}

export function useStopImport(of: ImportPublic) {
  const onSuccess = useAfterJob(of);
  return useMutation({
    mutationFn: () => cancelJob(of.job?.id ?? ''),
    onSuccess,
  });
}

/** Reads, or applies, once more; a new job does it. */
export function useRetryImport(of: ImportPublic) {
  const onSuccess = useAfterJob(of);
  return useMutation({
    mutationFn: () => retryJob(of.job?.id ?? ''),
    onSuccess,
  });
}
