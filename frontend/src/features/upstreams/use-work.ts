import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { JobPublic, JobRef } from '@/features/jobs/types';
import { useJob } from '@/features/jobs/use-job';
import { isActive } from '@/features/jobs/words';
import { refreshUpstreams } from './changes';

/**
 * A job that works on a repository, followed until it has ended; what it may have
 * changed is then asked again.
 */
export function useFollowed(id: string | null): JobPublic | undefined {
  const client = useQueryClient();
  const { data } = useJob(id);
  const active = data !== undefined && isActive(data);
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !active) void refreshUpstreams(client);
    was.current = active;
  }, [client, active]);
  return data;
}

/** Asks for work on a repository, and follows it. */
export function useWork(ask: () => Promise<JobRef>) {
  const client = useQueryClient();
  const [id, setId] = useState<string | null>(null);
  const job = useFollowed(id);
  const asking = useMutation({
    mutationFn: ask,
    onSuccess: async (asked) => {
      setId(asked.id);
      await refreshUpstreams(client);
    },
  });
  return {
    job,
    start: () => asking.mutate(),
    isBusy: asking.isPending || (job !== undefined && isActive(job)),
  };
}
