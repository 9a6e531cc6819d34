import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { cancelJob, jobKeys, retryJob } from '@/features/jobs/queries';
import type { JobPublic } from '@/features/jobs/types';
import { useJob } from '@/features/jobs/use-job';
import { isActive } from '@/features/jobs/words';
import { importKeys, isUnderWay } from './queries';
import type { ImportPublic } from './types';

/** The job that works on an import, followed; when it ends, the import is read again. */
export function useImportJob(of: ImportPublic) {
  const client = useQueryClient();
  const found = useJob(of.job?.id);
  const ended = found.data !== undefined && !isActive(found.data);
  const waits = ended && isUnderWay(of);
  useEffect(() => {
    if (waits) void client.invalidateQueries({ queryKey: importKeys.one(of.id) });
  }, [client, waits, of.id]);
  return found.data ?? null;
}

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
