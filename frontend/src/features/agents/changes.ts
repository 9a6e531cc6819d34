/** Everything that changes agents, one function per request. */
import type { QueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { toProblem } from '@/api/problem';
import { keys } from '@/api/queries';
import type { ComponentPublic, Visibility } from '@/api/types';
import { kindOf, fileNameOf as nameOnDisk } from '@/features/kinds/kinds';
import { fileNameOf, saveFile } from '@/lib/download';

type Target = Pick<ComponentPublic, 'id' | 'etag'>;

const only = (component: Target) => ({ 'If-Match': component.etag });

export const setLabel = (component: Target, label: string, number: number) =>
  unwrap(
    api.PUT('/api/v1/components/{component_id}/labels/{label}', {
      params: { path: { component_id: component.id, label }, header: only(component) },
      body: { number },
    }),
  );

export const removeLabel = (component: Target, label: string) =>
  unwrap(
    api.DELETE('/api/v1/components/{component_id}/labels/{label}', {
      params: { path: { component_id: component.id, label }, header: only(component) },
    }),
  );

export const setVisibility = (component: Target, visibility: Visibility) =>
  unwrap(
    api.PATCH('/api/v1/components/{component_id}', {
      params: { path: { component_id: component.id }, header: only(component) },
      body: { visibility },
    }),
  );

export const deleteComponent = (component: Target) =>
  unwrap(
    api.DELETE('/api/v1/components/{component_id}', {
      params: { path: { component_id: component.id }, header: only(component) },
    }),
  );

export const restoreComponent = ({ id }: Pick<ComponentPublic, 'id'>) =>
  unwrap(
    api.POST('/api/v1/components/{component_id}/restore', {
      params: { path: { component_id: id } },
    }),
  );

interface ExportFor {
  /** The tool that reads it; none: as it is stored. */
  target?: string;
  format?: 'zip' | 'tar.gz';
  /** Refused where anything gets lost. */
  strict?: boolean;
}

export async function exportComponents(
  components: readonly Pick<ComponentPublic, 'id'>[],
  { target, format = 'zip', strict = false }: ExportFor = {},
) {
  const { data, error, response } = await api.POST('/api/v1/exports', {
    body: {
      components: components.map(({ id }) => id),
      label: 'latest',
      ...(target && { target }),
      format,
      strict,
    },
    parseAs: 'blob',
  });
  if (!response.ok || !data) throw toProblem(await problemBody(error), response);
  saveFile(data as unknown as Blob, fileNameOf(response, `agents.${format}`));
}

export const exportZip = (components: readonly Pick<ComponentPublic, 'id'>[]) =>
  exportComponents(components);

/** The very bytes of a revision's main file. */
export async function downloadRevision(
  component: Pick<ComponentPublic, 'id' | 'kind' | 'name'>,
  n: number,
) {
  const path = kindOf(component.kind).main;
  const { data, error, response } = await api.GET(
    '/api/v1/components/{component_id}/revisions/{number}/files/{path}',
    {
      params: { path: { component_id: component.id, number: n, path } },
      parseAs: 'blob',
    },
  );
  if (!response.ok || !data) throw toProblem(await problemBody(error), response);
  saveFile(data as unknown as Blob, nameOnDisk(component));
}

async function problemBody(error: unknown): Promise<unknown> {
  if (!(error instanceof Blob)) return error;
  return JSON.parse(await error.text().catch(() => 'null'));
}

/** After a change: lists, counts and pages of components are read again. */
export async function refreshAgents(client: QueryClient) {
  await Promise.all([
    client.invalidateQueries({ queryKey: keys.agents }),
    client.invalidateQueries({ queryKey: keys.components }),
  ]);
}
