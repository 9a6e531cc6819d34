/** Files of an import in the query cache, wherever a list or page holds them. */
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Page } from '@/api/types';
import { importKeys } from './queries';
import type { ImportFile } from './types';

type Cached = ImportFile[] | InfiniteData<Page<ImportFile>> | undefined;

function mapFiles(data: Cached, change: (file: ImportFile) => ImportFile): Cached {
  if (!data) return data;
  if (Array.isArray(data)) return data.map(change);
  return {
    ...data,
    pages: data.pages.map((page) => ({ ...page, items: page.items.map(change) })),
  };
}

export function patchFile(
  client: QueryClient,
  importId: string,
  fid: string,
  change: Partial<ImportFile>,
) {
  client.setQueriesData<Cached>({ queryKey: importKeys.files(importId) }, (data) =>
    mapFiles(data, (file) => (file.id === fid ? { ...file, ...change } : file)),
  );
}
