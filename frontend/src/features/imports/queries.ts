import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/queries';
import type { Page } from '@/api/types';
import type { ImportsSearch } from './search';
import type { ImportFile, ImportOutcome, ImportPublic } from './types';

const PAGE = 200;
const WATCH = 3000;

/** A job works on it: what is shown will change by itself. */
export const isUnderWay = ({ state }: Pick<ImportPublic, 'state'>) =>
  state === 'reading' || state === 'applying';

export interface FileFilter {
  outcome?: readonly ImportOutcome[];
  rule?: string;
  q?: string;
  kind?: readonly string[];
  result?: 'open' | 'applied';
  secrets?: 'undecided';
}

export const importKeys = {
  list: [...keys.imports, 'list'] as const,
  one: (id: string) => [...keys.imports, id] as const,
  files: (id: string) => [...keys.imports, id, 'files'] as const,
  file: (id: string, fid: string) => [...keys.imports, id, 'file', fid] as const,
  /** Of the mutations: what is being saved. */
  saving: (id: string) => [...keys.imports, id, 'saving'] as const,
};

export const importsQuery = ({ team, state }: ImportsSearch) =>
  infiniteQueryOptions({
    queryKey: [...importKeys.list, { team, state }],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET('/api/v1/imports', {
          params: {
            query: {
              ...(team ? { team } : {}),
              ...(state ? { state: [state] } : {}),
              limit: 20,
              ...(pageParam ? { cursor: pageParam } : {}),
            },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    // What runs is told by its job; a list of many asks now and then instead.
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(isUnderWay)) ? WATCH : false,
  });

export const importQuery = (id: string) =>
  queryOptions({
    queryKey: [...importKeys.one(id), 'import'],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/imports/{import_id}', {
          params: { path: { import_id: id } },
          signal,
        }),
      ),
    // Its job says when it ended; this is for when that word gets lost.
    refetchInterval: ({ state }) =>
      state.data && isUnderWay(state.data) ? WATCH : false,
  });

function readPage(
  id: string,
  { outcome = [], kind = [], ...filter }: FileFilter,
  cursor: string | null,
  signal?: AbortSignal,
) {
  const at = cursor ? { cursor } : { count: true };
  return unwrap(
    api.GET('/api/v1/imports/{import_id}/files', {
      params: {
        path: { import_id: id },
        query: {
          ...filter,
          outcome: [...outcome],
          kind: [...kind],
          limit: PAGE,
          ...at,
        },
      },
      ...(signal ? { signal } : {}),
    }),
  );
}

/** Files page by page, for long lists; the first page says how many there are. */
export const filesQuery = (id: string, filter: FileFilter) =>
  infiniteQueryOptions({
    queryKey: [...importKeys.files(id), 'pages', filter],
    queryFn: ({ pageParam, signal }) => readPage(id, filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });

export async function readAll(
  id: string,
  filter: FileFilter,
  signal?: AbortSignal,
): Promise<ImportFile[]> {
  const all: ImportFile[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<ImportFile> = await readPage(id, filter, cursor, signal);
    all.push(...page.items);
    cursor = page.next_cursor ?? null;
  } while (cursor);
  return all;
}

/** Where all files must be known: clashes, leaks, and the report. */
export const allFilesQuery = (id: string, filter: FileFilter) =>
  queryOptions({
    queryKey: [...importKeys.files(id), 'all', filter],
    queryFn: ({ signal }) => readAll(id, filter, signal),
  });

export const fileQuery = (id: string, fid: string) =>
  queryOptions({
    queryKey: importKeys.file(id, fid),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/imports/{import_id}/files/{file_id}', {
          params: { path: { import_id: id, file_id: fid } },
          signal,
        }),
      ),
  });

/** Which of these names the team has already. */
export async function takenNames(team: string, names: readonly string[]) {
  const page = await unwrap(
    api.GET('/api/v1/components', {
      params: {
        query: { ref: names.map((name) => `agent:${team}/${name}`), limit: 100 },
      },
    }),
  );
  return new Set(page.items.map(({ name }) => name));
}
