/** Secrets of a server: which there are, and what is done to them. */
import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/queries';
import type { Secret } from '@/api/types';

export const secretsQuery = (server: string) =>
  queryOptions({
    queryKey: [...keys.components, server, 'secrets'],
    queryFn: async ({ signal }) => {
      const { items } = await unwrap(
        api.GET('/api/v1/components/{component_id}/secrets', {
          params: { path: { component_id: server } },
          signal,
        }),
      );
      return items;
    },
  });

interface Written {
  server: string;
  key: string;
  value: string;
  /** What is replaced; none: there is none yet. */
  present: Secret | undefined;
}

export const writeSecret = ({ server, key, value, present }: Written) =>
  unwrap(
    api.PUT('/api/v1/components/{component_id}/secrets/{key}', {
      params: {
        path: { component_id: server, key },
        ...(present && { header: { 'If-Match': present.etag } }),
      },
      body: { value },
    }),
  );

export const removeSecret = (server: string, { key, etag }: Secret) =>
  unwrap(
    api.DELETE('/api/v1/components/{component_id}/secrets/{key}', {
      params: {
        path: { component_id: server, key },
        header: { 'If-Match': etag },
      },
    }),
  );

export const revealSecret = (server: string, key: string, reason: string) =>
  unwrap(
    api.POST('/api/v1/components/{component_id}/secrets/{key}/reveal', {
      params: { path: { component_id: server, key } },
      body: { reason },
    }),
  );
