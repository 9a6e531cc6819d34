import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import type { StatsQuery } from '@/api/types';

export const PERIODS = [7, 30, 90] as const;
export type Period = (typeof PERIODS)[number];

export interface DashboardSearch {
  days?: Period;
  team?: string;
}

export function readSearch(search: Record<string, unknown>): DashboardSearch {
  const days = PERIODS.find((one) => one === Number(search.days));
  const team = typeof search.team === 'string' && search.team ? search.team : undefined;
  return { ...(days && { days }), ...(team && { team }) };
}

export const statsQuery = ({ days = 30, team }: DashboardSearch) => {
  const query: StatsQuery = { days, ...(team && { team }) };
  return queryOptions({
    queryKey: ['stats', query],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/api/v1/stats', { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
};
