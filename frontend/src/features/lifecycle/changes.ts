/** What happens to a component and its revisions, one function per request. */
import { api, unwrap } from '@/api/client';
import type { ComponentPublic, Visibility } from '@/api/types';

type Target = Pick<ComponentPublic, 'id' | 'etag'>;

const of = (component: Target) => ({
  path: { component_id: component.id },
  header: { 'If-Match': component.etag },
});

export interface Access {
  visibility: Visibility;
  licence: string | null;
}

export const setAccess = (component: Target, access: Partial<Access>) =>
  unwrap(
    api.PATCH('/api/v1/components/{component_id}', {
      params: of(component),
      body: access,
    }),
  );

export const rename = (component: Target, name: string, publish: boolean) =>
  unwrap(
    api.POST('/api/v1/components/{component_id}/rename', {
      params: of(component),
      body: { name, publish, message: '' },
    }),
  );

export const transfer = (component: Target, team: string) =>
  unwrap(
    api.POST('/api/v1/components/{component_id}/transfer', {
      params: of(component),
      body: { team },
    }),
  );

export const deprecate = (
  component: Target,
  message: string,
  successor: string | null,
) =>
  unwrap(
    api.PUT('/api/v1/components/{component_id}/deprecation', {
      params: of(component),
      body: { message, successor },
    }),
  );

export const undeprecate = (component: Target) =>
  unwrap(
    api.DELETE('/api/v1/components/{component_id}/deprecation', {
      params: of(component),
    }),
  );

export const remove = (component: Target, reason: string) =>
  unwrap(
    api.DELETE('/api/v1/components/{component_id}', {
      params: { ...of(component), query: reason ? { reason } : {} },
    }),
  );

const at = (component: Target, number: number) => ({
  path: { component_id: component.id, number },
  header: { 'If-Match': component.etag },
});

export const yank = (component: Target, number: number, reason: string) =>
  unwrap(
    api.POST('/api/v1/components/{component_id}/revisions/{number}/yank', {
      params: { path: at(component, number).path },
      body: { reason },
    }),
  );

export const unyank = (component: Target, number: number) =>
  unwrap(
    api.DELETE('/api/v1/components/{component_id}/revisions/{number}/yank', {
      params: at(component, number),
    }),
  );

/** Publishes what an older revision holds once more, as the newest. */
export const restoreRevision = (component: Target, number: number, message: string) =>
  unwrap(
    api.POST('/api/v1/components/{component_id}/revisions/{number}/restore', {
      params: at(component, number),
      body: { message },
    }),
  );

export interface Beginning {
  kind: string;
  team: string;
  name: string;
  visibility: Visibility;
}

/** A component of which there is a draft alone. */
export const begin = (body: Beginning & { content?: string }) =>
  unwrap(api.POST('/api/v1/components', { body }));

/** The server takes it only while the draft is based on the newest revision. */
export const publishDraft = (id: string, etag: string, message: string) =>
  unwrap(
    api.POST('/api/v1/components/{component_id}/draft/publish', {
      params: { path: { component_id: id }, header: { 'If-Match': etag } },
      body: { message },
    }),
  );

export interface Merge {
  content: string;
  latest_digest: string;
  /** Of these files that both changed, theirs is taken. */
  theirs: string[];
}

/** Puts the draft on the newest revision, with a text that was merged. */
export const mergeDraft = (id: string, etag: string, body: Merge) =>
  unwrap(
    api.POST('/api/v1/components/{component_id}/draft/merge', {
      params: { path: { component_id: id }, header: { 'If-Match': etag } },
      body,
    }),
  );
