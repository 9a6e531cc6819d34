import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { toProblem } from '@/api/problem';
import { keys } from '@/api/queries';
import type { AuditQuery } from '@/api/types';
import { fileNameOf, saveFile } from '@/lib/download';
import { type AuditSearch, toAuditQuery } from './search';

const PAGE = 50;

const queryOf = (team: string | null, search: AuditSearch): AuditQuery => ({
  ...toAuditQuery(search),
  ...(team ? { team } : {}),
});

/** The events of a team, or of the whole instance; the newest first. */
export const auditQuery = (team: string | null, search: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: [...keys.audit, team, search],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/audit-events', {
          params: {
            query: {
              ...queryOf(team, search),
              limit: PAGE,
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    // The old rows stay until the new ones are there.
    placeholderData: keepPreviousData,
  });

/** All events that the filters let through, one JSON object a line. */
export async function downloadAudit(team: string | null, search: AuditSearch) {
  const { data, error, response } = await api.GET('/api/v1/audit-events', {
    params: { query: queryOf(team, search) },
    headers: { Accept: 'application/x-ndjson' },
    parseAs: 'blob',
  });
  if (!response.ok || !data) throw toProblem(await bodyOf(error), response);
  const fallback = team ? `audit-${team}.ndjson` : 'audit.ndjson';
  saveFile(data as unknown as Blob, fileNameOf(response, fallback));
}

async function bodyOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Blob)) return error;
  return JSON.parse(await error.text().catch(() => 'null'));
}

export const verifyAudit = () => unwrap(api.GET('/api/v1/audit-events/verify'));
