/** What the files of revisions and drafts ask of the server. */
import { queryOptions } from '@tanstack/react-query';
import { api, authorizedFetch, unwrap } from '@/api/client';
import { toProblem } from '@/api/problem';
import { keys } from '@/api/queries';
import { apiOrigin } from '@/api/session';
import { fileNameOf, saveFile } from '@/lib/download';

export const partsOf = (path: string) =>
  path.split('/').map(encodeURIComponent).join('/');

/** Slashes stay what they are: the client would escape them. */
export const at = (path: string) =>
  `${apiOrigin || globalThis.location.origin}/api/v1/${path}`;
const place = (component: string, rest: string) =>
  at(`components/${component}/${rest}`);

export async function ask(address: string, init: RequestInit = {}): Promise<Response> {
  const response = await authorizedFetch(
    new Request(address, { credentials: 'include', ...init }),
  );
  if (!response.ok) {
    const body: unknown = await response.json().catch(() => null);
    throw toProblem(body, response);
  }
  return response;
}

export const revisionFileQuery = (id: string, n: number, path: string) =>
  queryOptions({
    queryKey: [...keys.components, id, 'revision', n, 'file', path],
    queryFn: async ({ signal }) => {
      const address = place(id, `revisions/${n}/files/${partsOf(path)}`);
      return await (await ask(address, { signal })).arrayBuffer();
    },
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });

/** All files of a revision in one archive. */
export async function downloadTree(id: string, n: number, fallback: string) {
  const headers = { Accept: 'application/zip' };
  const response = await ask(place(id, `revisions/${n}`), { headers });
  saveFile(await response.blob(), fileNameOf(response, fallback));
}

export async function downloadFile(id: string, n: number, path: string) {
  const address = place(id, `revisions/${n}/files/${partsOf(path)}`);
  const blob = await (await ask(address)).blob();
  saveFile(blob, path.split('/').at(-1) ?? 'file');
}

/** A file that comes with another one of an import. */
export const importFileQuery = (importId: string, fileId: string, path: string) =>
  queryOptions({
    queryKey: ['import-file', importId, fileId, path],
    queryFn: async ({ signal }) => {
      const address = `imports/${importId}/files/${fileId}/tree/${partsOf(path)}`;
      return await (await ask(at(address), { signal })).arrayBuffer();
    },
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });

/** Apart from the component: what is read anew when that is published is gone then. */
const draftKey = (id: string) => ['draft-files', id];

export const draftFilesQuery = (id: string) =>
  queryOptions({
    queryKey: draftKey(id),
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/api/v1/components/{component_id}/draft/files', {
          params: { path: { component_id: id } },
          signal,
        }),
      ),
    gcTime: 0,
  });

export const draftFileQuery = (id: string, path: string) =>
  queryOptions({
    queryKey: [...draftKey(id), path],
    queryFn: async ({ signal }) => {
      const address = place(id, `draft/files/${partsOf(path)}`);
      return await (await ask(address, { signal })).arrayBuffer();
    },
    structuralSharing: false,
    gcTime: 0,
  });

/** Each gives the ETag that the draft then has. */
export async function putDraftFile(
  id: string,
  path: string,
  body: Blob | string,
  etag: string,
  executable = false,
): Promise<string> {
  const address = place(id, `draft/files/${partsOf(path)}`);
  const response = await ask(executable ? `${address}?executable=true` : address, {
    method: 'PUT',
    body,
    headers: { 'If-Match': etag, 'Content-Type': 'application/octet-stream' },
  });
  return response.headers.get('ETag') ?? etag;
}

export async function removeDraftFile(
  id: string,
  path: string,
  etag: string,
): Promise<string> {
  const response = await ask(place(id, `draft/files/${partsOf(path)}`), {
    method: 'DELETE',
    headers: { 'If-Match': etag },
  });
  return response.headers.get('ETag') ?? etag;
}

export async function moveDraftFile(
  id: string,
  path: string,
  to: string,
  etag: string,
): Promise<string> {
  const address = place(id, `draft/files/${partsOf(path)}/move`);
  const response = await ask(address, {
    method: 'POST',
    body: JSON.stringify({ path: to }),
    headers: { 'If-Match': etag, 'Content-Type': 'application/json' },
  });
  return response.headers.get('ETag') ?? etag;
}
