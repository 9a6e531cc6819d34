import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { isActive } from './progress';
import { jobQuery } from './queries';

const RETRY_MS = 2_000;

/** A job as it is now, followed until it has ended; without an id, none. */
export function useJob(id: string | null | undefined) {
  const client = useQueryClient();
  const query = useQuery({ ...jobQuery(id ?? ''), enabled: Boolean(id) });
  const active = query.data !== undefined && isActive(query.data);
  useEffect(() => {
    if (!id || !active) return;
    let over = false;
    let stop: (() => void) | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Comes after the page, also when the server was away.
    const begin = async () => {
      try {
        const { followJob } = await import('./follow');
        if (!over) stop = followJob(client, id);
      } catch {
        if (!over) timer = setTimeout(begin, RETRY_MS);
      }
    };
    void begin();
    return () => {
      over = true;
      clearTimeout(timer);
      stop?.();
    };
  }, [client, id, active]);
  return query;
}
