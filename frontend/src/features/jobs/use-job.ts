import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { followJob } from './follow';
import { jobQuery } from './queries';
import { isActive } from './words';

/** A job as it is now, followed until it has ended; without an id, none. */
export function useJob(id: string | null | undefined) {
  const client = useQueryClient();
  const query = useQuery({ ...jobQuery(id ?? ''), enabled: Boolean(id) });
  const active = query.data !== undefined && isActive(query.data);
  useEffect(
    () => (id && active ? followJob(client, id) : undefined),
    [client, id, active],
  );
  return query;
}
