/** Everything that changes repositories and upstreams, one function per request. */
import type { QueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/queries';
import { upstreamKeys } from './queries';
import type { Repository, RepositoryChange, Upstream, UpstreamMerge } from './types';

type Target = Pick<Repository, 'id' | 'etag'>;

const only = ({ id, etag }: Target) => ({
  path: { repository_id: id },
  header: { 'If-Match': etag },
});

export const changeRepository = (repository: Target, body: RepositoryChange) =>
  unwrap(
    api.PATCH('/api/v1/repositories/{repository_id}', {
      params: only(repository),
      body,
    }),
  );

export const removeRepository = (repository: Target) =>
  unwrap(
    api.DELETE('/api/v1/repositories/{repository_id}', { params: only(repository) }),
  );

export const checkRepository = (id: string) =>
  unwrap(
    api.POST('/api/v1/repositories/{repository_id}/check', {
      params: { path: { repository_id: id } },
    }),
  );

/** Takes every update that merges by itself and is not pinned. */
export const updateAll = (id: string) =>
  unwrap(
    api.POST('/api/v1/repositories/{repository_id}/update', {
      params: { path: { repository_id: id } },
    }),
  );

/** Reads the whole repository again, as the import that it came with did. */
export const importAgain = (id: string) =>
  unwrap(
    api.POST('/api/v1/repositories/{repository_id}/import', {
      params: { path: { repository_id: id } },
    }),
  );

export const setPinned = (component: string, upstream: Upstream, is_pinned: boolean) =>
  unwrap(
    api.PATCH('/api/v1/components/{component_id}/upstream', {
      params: {
        path: { component_id: component },
        header: { 'If-Match': upstream.etag },
      },
      body: { is_pinned },
    }),
  );

export const detach = (component: string, upstream: Upstream) =>
  unwrap(
    api.DELETE('/api/v1/components/{component_id}/upstream', {
      params: {
        path: { component_id: component },
        header: { 'If-Match': upstream.etag },
      },
    }),
  );

export interface Decided {
  /** The main file as it was merged; null: as the server merges it. */
  content: string | null;
  /** Of these files that both changed, the update's is taken. */
  theirs: string[];
  message: string;
}

export const takeUpdate = (
  component: string,
  { latest_digest, update_digest }: UpstreamMerge,
  { content, theirs, message }: Decided,
) =>
  unwrap(
    api.POST('/api/v1/components/{component_id}/upstream/update', {
      params: { path: { component_id: component } },
      body: {
        latest_digest,
        update_digest,
        theirs,
        message,
        ...(content !== null && { content }),
      },
    }),
  );

/**
 * After a change: where things come from is asked again, and what shows of it. What
 * somebody merges right now stays as it is.
 */
export async function refreshUpstreams(client: QueryClient) {
  const changed = [
    upstreamKeys.repositories,
    upstreamKeys.upstreams,
    keys.agents,
    keys.components,
    ['stats'],
  ];
  await Promise.all(
    changed.map((queryKey) =>
      client.invalidateQueries({
        queryKey,
        predicate: (query) => query.queryKey[2] !== 'merge',
      }),
    ),
  );
}
