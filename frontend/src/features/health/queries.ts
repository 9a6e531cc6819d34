import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/queries';

/** How often the page looks again. */
const LOOK_MS = 10_000;

export const healthQuery = queryOptions({
  queryKey: [...keys.instance, 'health'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/instance/health', { signal })),
  refetchInterval: LOOK_MS,
  // What was seen a while ago says nothing of now.
  staleTime: 0,
});
