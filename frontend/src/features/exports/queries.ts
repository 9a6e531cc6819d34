/** What an export for a tool holds, as the server would make it. */
import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/queries';
import type { ExportPreview } from '@/api/types';
import { ask, at, partsOf } from '@/features/files/api';

export const targetsQuery = queryOptions({
  queryKey: ['export-targets'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/exports/targets', { signal })),
  staleTime: 60 * 60_000,
});

const keyOf = (collection: string, number: number, target: string) => [
  ...keys.collections,
  collection,
  'releases',
  number,
  'targets',
  target,
];

/** How much of a release each tool has a place for. */
export const summariesQuery = (collection: string, number: number) =>
  queryOptions({
    queryKey: [...keys.collections, collection, 'releases', number, 'targets'],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/collections/{collection_id}/releases/{number}/targets', {
          params: { path: { collection_id: collection, number } },
          signal,
        }),
      ),
    staleTime: 5 * 60_000,
    retry: false,
  });

/** The same release gives the same export, unless something of it is redacted. */
export const previewQuery = (collection: string, number: number, target: string) =>
  queryOptions({
    queryKey: keyOf(collection, number, target),
    queryFn: ({ signal }): Promise<ExportPreview> =>
      unwrap(
        api.GET(
          '/api/v1/collections/{collection_id}/releases/{number}/targets/{target}',
          {
            params: { path: { collection_id: collection, number, target } },
            signal,
          },
        ),
      ),
    staleTime: 5 * 60_000,
    retry: false,
  });

export interface Shop {
  marketplace: string;
  plugin: string;
}

/** What the marketplace of a release and its plugin are called. */
export const shopQuery = (collection: string, number: number) =>
  queryOptions({
    queryKey: [...keyOf(collection, number, 'claude-plugin'), 'shop'],
    queryFn: async ({ signal }): Promise<Shop> => {
      const folder = `collections/${collection}/releases/${number}/targets/claude-plugin`;
      const address = at(`${folder}/files/.claude-plugin/marketplace.json`);
      const answer = (await (await ask(address, { signal })).json()) as {
        name: string;
        plugins: { name: string }[];
      };
      return { marketplace: answer.name, plugin: answer.plugins[0]?.name ?? '' };
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });

export const exportedFileQuery = (
  collection: string,
  { number, target }: Pick<ExportPreview, 'number' | 'target'>,
  path: string,
) =>
  queryOptions({
    queryKey: [...keyOf(collection, number, target), 'file', path],
    queryFn: async ({ signal }) => {
      const folder = `collections/${collection}/releases/${number}/targets/${target}`;
      const address = at(`${folder}/files/${partsOf(path)}`);
      return await (await ask(address, { signal })).arrayBuffer();
    },
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
