/** What a person does to imports, as requests. */
import { api, unwrap } from '@/api/client';
import type { ApplyRequest } from './chosen';
import type {
  ImportDecision,
  ImportOutcome,
  ImportPublic,
  SecretsDecision,
} from './types';

export interface FileChange {
  decision?: ImportDecision;
  /** Null: its own name again. */
  target_name?: string | null;
  accept_fixes?: number[];
  secrets?: SecretsDecision;
  /** With the decision `reuse`: which component to use instead. */
  reuse_id?: string;
}

/** One decision for all files that meet every condition. */
export interface ManyChange {
  decision?: ImportDecision;
  /** Whoever wants to move them says so of each server. */
  secrets?: 'keep';
  outcome?: ImportOutcome[];
  ids?: string[];
  rule?: string;
}

export const changeFile = (id: string, fid: string, body: FileChange) =>
  unwrap(
    api.PATCH('/api/v1/imports/{import_id}/files/{file_id}', {
      params: { path: { import_id: id, file_id: fid } },
      body,
    }),
  );

export const changeFiles = (id: string, body: ManyChange) =>
  unwrap(
    api.PATCH('/api/v1/imports/{import_id}/files', {
      params: { path: { import_id: id } },
      body,
    }),
  );

/** Stores what was decided, if the import is still the one that the person saw. */
export const applyImport = (
  { id, etag }: Pick<ImportPublic, 'id' | 'etag'>,
  body: ApplyRequest,
) =>
  unwrap(
    api.POST('/api/v1/imports/{import_id}/apply', {
      params: { path: { import_id: id } },
      headers: { 'If-Match': etag },
      body,
    }),
  );

export const discardImport = (id: string) =>
  unwrap(
    api.DELETE('/api/v1/imports/{import_id}', { params: { path: { import_id: id } } }),
  );

export const importSamples = (team: string) =>
  unwrap(api.POST('/api/v1/imports/samples', { body: { team } }));

export interface RepositoryRequest {
  team: string;
  url: string;
  /** Empty: where it points itself. */
  ref: string;
  /** Empty: all of it. */
  folder: string;
  token?: string;
}

export const importRepository = (body: RepositoryRequest) =>
  unwrap(api.POST('/api/v1/imports/repository', { body }));
