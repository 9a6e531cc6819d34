import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
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
