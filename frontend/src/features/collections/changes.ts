/** Everything that changes collections, one function per request. */
import type { QueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { toProblem } from '@/api/problem';
import { keys } from '@/api/queries';
import type {
  Collection,
  CollectionCopy,
  CollectionCreate,
  CollectionDetail,
  CollectionEntry,
  CollectionUpdate,
  EntryFollow,
} from '@/api/types';
import { fileNameOf, saveFile } from '@/lib/download';
import { collectionKeys } from './queries';

type Target = Pick<Collection, 'id' | 'etag'>;

const pathOf = ({ id }: Pick<Collection, 'id'>) => ({ collection_id: id });
const only = ({ etag }: Target) => ({ 'If-Match': etag });

export const createCollection = (body: CollectionCreate) =>
  unwrap(api.POST('/api/v1/collections', { body }));

export const updateCollection = (collection: Target, body: CollectionUpdate) =>
  unwrap(
    api.PATCH('/api/v1/collections/{collection_id}', {
      params: { path: pathOf(collection), header: only(collection) },
      body,
    }),
  );

export const renameCollection = (collection: Target, name: string) =>
  unwrap(
    api.POST('/api/v1/collections/{collection_id}/rename', {
      params: { path: pathOf(collection), header: only(collection) },
      body: { name },
    }),
  );

export const duplicateCollection = (collection: Target, body: CollectionCopy) =>
  unwrap(
    api.POST('/api/v1/collections/{collection_id}/duplicate', {
      params: { path: pathOf(collection) },
      body,
    }),
  );

export const archiveCollection = (collection: Target) =>
  unwrap(
    api.POST('/api/v1/collections/{collection_id}/archive', {
      params: { path: pathOf(collection) },
    }),
  );

export const unarchiveCollection = (collection: Target) =>
  unwrap(
    api.POST('/api/v1/collections/{collection_id}/unarchive', {
      params: { path: pathOf(collection) },
    }),
  );

export const deleteCollection = (collection: Target & Pick<Collection, 'name'>) =>
  unwrap(
    api.DELETE('/api/v1/collections/{collection_id}', {
      params: {
        path: pathOf(collection),
        header: only(collection),
        query: { confirm: collection.name },
      },
    }),
  );

export const restoreCollection = (collection: Pick<Collection, 'id'>) =>
  unwrap(
    api.POST('/api/v1/collections/{collection_id}/restore', {
      params: { path: pathOf(collection) },
    }),
  );

/** Adds components at the end, each at its latest revision; says which are new. */
export const addComponents = (collection: Pick<Collection, 'id'>, ids: string[]) =>
  unwrap(
    api.POST('/api/v1/collections/{collection_id}/entries', {
      params: { path: pathOf(collection) },
      body: { entries: ids.map((component_id) => ({ component_id })) },
    }),
  );

export const moveEntry = (
  collection: Target,
  entry: Pick<CollectionEntry, 'component_id'>,
  before: string | null,
) =>
  unwrap(
    api.POST('/api/v1/collections/{collection_id}/entries/{component_id}/move', {
      params: {
        path: { ...pathOf(collection), component_id: entry.component_id },
        header: only(collection),
      },
      body: { before },
    }),
  );

export const changeEntry = (
  collection: Target,
  entry: Pick<CollectionEntry, 'component_id'>,
  body: EntryFollow,
) =>
  unwrap(
    api.PATCH('/api/v1/collections/{collection_id}/entries/{component_id}', {
      params: {
        path: { ...pathOf(collection), component_id: entry.component_id },
        header: only(collection),
      },
      body,
    }),
  );

/** Sets the whole list: how an entry is taken out, and how it comes back. */
export const setEntries = (
  collection: Target,
  entries: readonly Pick<CollectionEntry, 'component_id' | 'label' | 'number'>[],
) =>
  unwrap(
    api.PUT('/api/v1/collections/{collection_id}/entries', {
      params: { path: pathOf(collection), header: only(collection) },
      body: {
        entries: entries.map(({ component_id, label, number }) => ({
          component_id,
          label,
          number,
        })),
      },
    }),
  );

export const makeRelease = (collection: Target, notes: string) =>
  unwrap(
    api.POST('/api/v1/collections/{collection_id}/releases', {
      params: { path: pathOf(collection), header: only(collection) },
      body: { notes },
    }),
  );

async function bytesOf(answer: {
  data?: unknown;
  error?: unknown;
  response: Response;
}): Promise<Blob> {
  const { data, error, response } = answer;
  if (response.ok && data instanceof Blob) return data;
  const text = error instanceof Blob ? await error.text().catch(() => '') : '';
  throw toProblem(text ? JSON.parse(text) : error, response);
}

/** The very bytes that a release locked, as a zip. */
export async function downloadRelease(collection: Collection, number: number) {
  const answer = await api.GET(
    '/api/v1/collections/{collection_id}/releases/{number}/export',
    { params: { path: { ...pathOf(collection), number } }, parseAs: 'blob' },
  );
  const name = `${collection.team.slug}-${collection.name}-${number}.zip`;
  saveFile(await bytesOf(answer), fileNameOf(answer.response, name));
}

export async function downloadLock(collection: Collection, number: number) {
  const answer = await api.GET(
    '/api/v1/collections/{collection_id}/releases/{number}/lock',
    { params: { path: { ...pathOf(collection), number } }, parseAs: 'blob' },
  );
  saveFile(await bytesOf(answer), `${collection.name}-${number}.lock.json`);
}

/** Shows an answer at once, and reads again what else may have changed. */
export async function keep(client: QueryClient, collection: CollectionDetail) {
  const key = collectionKeys.one(collection.team.slug, collection.name);
  // What was asked for before this change would bring the older state back.
  await client.cancelQueries({ queryKey: key });
  client.setQueryData(key, collection);
  await client.invalidateQueries({ queryKey: collectionKeys.list });
}

export const refreshCollections = (client: QueryClient) =>
  client.invalidateQueries({ queryKey: keys.collections });
