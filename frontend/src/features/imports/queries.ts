import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/queries';
import type {
  ImportDecision,
  ImportFile,
  ImportFileDetail,
  ImportOutcome,
  ImportPublic,
  Page,
  SecretsDecision,
} from '@/api/types';

const PAGE = 200;

/** What the API says of one file; `accepted_fixes` are indices of its findings. */
export type FileDetail = ImportFileDetail & { accepted_fixes: number[] };

export interface FileChange {
  decision?: ImportDecision;
  /** Null: its own name again. */
  target_name?: string | null;
  accept_fixes?: number[];
  secrets?: SecretsDecision;
}

export const importKeys = {
  list: [...keys.imports, 'list'] as const,
  one: (id: string) => [...keys.imports, id] as const,
  files: (id: string) => [...keys.imports, id, 'files'] as const,
  file: (id: string, fid: string) => [...keys.imports, id, 'file', fid] as const,
  /** Of the mutations: what is being saved. */
  saving: (id: string) => [...keys.imports, id, 'saving'] as const,
};

export const importsQuery = infiniteQueryOptions({
  queryKey: importKeys.list,
  queryFn: ({ pageParam, signal }) =>
    unwrap(
      api.GET('/api/v1/imports', {
        params: { query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) } },
        signal,
      }),
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
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
  });

function readPage(
  id: string,
  outcome: readonly ImportOutcome[],
  cursor: string | null,
  signal?: AbortSignal,
) {
  return unwrap(
    api.GET('/api/v1/imports/{import_id}/files', {
      params: {
        path: { import_id: id },
        query: { outcome: [...outcome], limit: PAGE, ...(cursor ? { cursor } : {}) },
      },
      ...(signal ? { signal } : {}),
    }),
  );
}

/** One group, page by page, for long lists. */
export const filesQuery = (id: string, outcome: ImportOutcome) =>
  infiniteQueryOptions({
    queryKey: [...importKeys.files(id), 'pages', outcome],
    queryFn: ({ pageParam, signal }) => readPage(id, [outcome], pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });

export async function readAll(
  id: string,
  outcome: readonly ImportOutcome[],
  signal?: AbortSignal,
): Promise<ImportFile[]> {
  const all: ImportFile[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<ImportFile> = await readPage(id, outcome, cursor, signal);
    all.push(...page.items);
    cursor = page.next_cursor ?? null;
  } while (cursor);
  return all;
}

/** Whole groups at once, where all files must be known: clashes, and the report. */
export const allFilesQuery = (id: string, outcome: readonly ImportOutcome[]) =>
  queryOptions({
    queryKey: [...importKeys.files(id), 'all', ...outcome],
    queryFn: ({ signal }) => readAll(id, outcome, signal),
  });

export const fileQuery = (id: string, fid: string) =>
  queryOptions({
    queryKey: importKeys.file(id, fid),
    queryFn: async ({ signal }) => {
      const file = await unwrap(
        api.GET('/api/v1/imports/{import_id}/files/{file_id}', {
          params: { path: { import_id: id, file_id: fid } },
          signal,
        }),
      );
      return file as FileDetail;
    },
  });

export const changeFile = (id: string, fid: string, change: FileChange) =>
  unwrap(
    api.PATCH('/api/v1/imports/{import_id}/files/{file_id}', {
      params: { path: { import_id: id, file_id: fid } },
      // Null takes a name back; the type of the body says strings only.
      body: change as FileChange & { target_name?: string },
    }),
  );

export const changeFiles = (
  id: string,
  body: { decision: ImportDecision; outcome?: ImportOutcome[]; ids?: string[] },
) =>
  unwrap(
    api.PATCH('/api/v1/imports/{import_id}/files', {
      params: { path: { import_id: id } },
      body,
    }),
  );

/** Stores what was decided, if the import is still the one that the person saw. */
export const applyImport = ({ id, etag }: Pick<ImportPublic, 'id' | 'etag'>) =>
  unwrap(
    api.POST('/api/v1/imports/{import_id}/apply', {
      params: { path: { import_id: id } },
      headers: { 'If-Match': etag },
    }),
  );

export const discardImport = (id: string) =>
  unwrap(
    api.DELETE('/api/v1/imports/{import_id}', { params: { path: { import_id: id } } }),
  );

export const importSamples = (team: string) =>
  unwrap(api.POST('/api/v1/imports/samples', { body: { team } }));

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
