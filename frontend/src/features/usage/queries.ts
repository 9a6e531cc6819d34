/** How often things were pulled, as the server counted it. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/queries';
import type { Period } from './periods';

export const componentUsageQuery = (id: string, days: Period) =>
  queryOptions({
    queryKey: [...keys.components, id, 'usage', days],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/components/{component_id}/usage', {
          params: { path: { component_id: id }, query: { days } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    refetchOnMount: 'always',
    retry: false,
  });

export const collectionUsageQuery = (id: string, days: Period) =>
  queryOptions({
    queryKey: [...keys.collections, id, 'usage', days],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/collections/{collection_id}/usage', {
          params: { path: { collection_id: id }, query: { days } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    refetchOnMount: 'always',
    retry: false,
  });
