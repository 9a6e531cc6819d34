/**
 * The routes of the API as openapi-fetch reads them, written by hand from the contract.
 * `npm run client` generates the same from the backend's OpenAPI document; when that
 * file is there, `client.ts` takes its `paths` instead and this one goes.
 */
import type * as T from './types';

type Json<B> = { content: { 'application/json': B } };
type Fails = { content: { 'application/problem+json': T.Problem } };
type Params = {
  query?: object;
  path?: Record<string, string | number>;
  header?: Record<string, string>;
};

interface Op<Ok, P extends Params = Params, Body = never> {
  parameters: P;
  requestBody?: [Body] extends [never] ? never : Body;
  responses: { 200: Json<Ok>; default: Fails };
}
interface Send<Ok, Body, P extends Params = Params> {
  parameters: P;
  requestBody: Json<Body>;
  responses: { 200: Json<Ok>; default: Fails };
}
type Id = { path: { id: string } };
type IdIfMatch = { path: { id: string }; header?: { 'If-Match': string } };
type Paged = { limit?: number; cursor?: string; count?: boolean };

export interface AgentQuery extends Paged {
  team?: string[];
  model?: string[];
  tool?: string[];
  label?: string[];
  health?: T.Worst[];
  q?: string;
  sort?: string;
  deleted?: boolean;
  ref?: string[];
}

export interface Credentials {
  grant_type: 'password';
  username: string;
  password: string;
  client?: 'browser';
}

export interface Registration {
  username: string;
  email: string;
  password: string;
  display_name?: string;
  setup_code?: string;
}

export interface FileDecision {
  decision?: T.ImportDecision;
  target_name?: string;
  accept_fixes?: number[];
}

export interface paths {
  '/api/v1/instance': { get: Op<T.Instance> };
  '/api/v1/auth/register': { post: Send<T.UserMe, Registration> };
  '/api/v1/auth/token': {
    post: {
      parameters: Params;
      requestBody: { content: { 'application/x-www-form-urlencoded': Credentials } };
      responses: { 200: Json<T.Token>; default: Fails };
    };
  };
  '/api/v1/auth/refresh': { post: Send<T.Token, Record<string, never>> };
  '/api/v1/auth/logout': { post: Send<undefined, Record<string, never>> };
  '/api/v1/users/me': {
    get: Op<T.UserMe>;
    patch: Send<T.UserMe, { display_name?: string; email?: string }>;
  };
  '/api/v1/teams': { get: Op<T.Page<T.TeamMembership>> };
  '/api/v1/agents': {
    get: Op<T.Page<T.ComponentPublic>, { query?: AgentQuery }>;
    post: Send<
      T.AgentPublic,
      {
        team: string;
        content: string;
        name?: string;
        message?: string;
        visibility?: T.Visibility;
      }
    >;
  };
  '/api/v1/agents/facets': { get: Op<T.Facets, { query?: AgentQuery }> };
  '/api/v1/agents/{id}': { get: Op<T.AgentPublic, Id> };
  '/api/v1/components': {
    get: Op<T.Page<T.ComponentPublic>, { query?: AgentQuery & { kind?: string[] } }>;
  };
  '/api/v1/components/{id}': {
    get: Op<T.ComponentPublic, Id>;
    patch: Send<T.ComponentPublic, { visibility?: T.Visibility }, IdIfMatch>;
    delete: Op<undefined, IdIfMatch>;
  };
  '/api/v1/components/{id}/restore': { post: Op<T.ComponentPublic, Id> };
  '/api/v1/components/{id}/revisions': {
    get: Op<T.Page<T.RevisionSummary>, Id & { query?: Paged }>;
    post: Send<T.RevisionPublic, { content: string; message?: string }, IdIfMatch>;
  };
  '/api/v1/components/{id}/revisions/{n}': {
    get: Op<T.RevisionPublic, { path: { id: string; n: number } }>;
  };
  '/api/v1/components/{id}/revisions/{n}/diff': {
    get: Op<
      T.RevisionDiff,
      { path: { id: string; n: number }; query: { against: number } }
    >;
  };
  '/api/v1/components/{id}/labels': { get: Op<T.Page<T.Label>, Id> };
  '/api/v1/components/{id}/labels/{label}': {
    put: Send<
      T.Label,
      { number: number },
      { path: { id: string; label: string }; header?: { 'If-Match': string } }
    >;
    delete: Op<
      undefined,
      { path: { id: string; label: string }; header?: { 'If-Match': string } }
    >;
  };
  '/api/v1/components/{id}/draft': {
    get: Op<T.Draft, Id>;
    put: Send<
      T.Draft,
      { content: string; base_digest: string },
      {
        path: { id: string };
        header?: { 'If-Match': string } | { 'If-None-Match': '*' };
      }
    >;
    delete: Op<undefined, IdIfMatch>;
  };
  '/api/v1/lint': { post: Send<T.LintResult, { content: string; path?: string }> };
  '/api/v1/rules': { get: Op<{ items: T.Rule[] }> };
  '/api/v1/imports': {
    get: Op<T.Page<T.ImportPublic>, { query?: Paged }>;
    post: {
      parameters: Params;
      requestBody: { content: { 'multipart/form-data': FormData } };
      responses: { 200: Json<T.ImportPublic>; default: Fails };
    };
  };
  '/api/v1/imports/samples': { post: Send<T.ImportPublic, { team: string }> };
  '/api/v1/imports/{id}': {
    get: Op<T.ImportPublic, Id>;
    delete: Op<undefined, Id>;
  };
  '/api/v1/imports/{id}/files': {
    get: Op<T.Page<T.ImportFile>, Id & { query?: Paged & { outcome?: string[] } }>;
    patch: Send<
      { updated: number },
      { outcome?: T.ImportOutcome[]; ids?: string[]; decision: T.ImportDecision },
      Id
    >;
  };
  '/api/v1/imports/{id}/files/{fid}': {
    get: Op<T.ImportFileDetail, { path: { id: string; fid: string } }>;
    patch: Send<T.ImportFile, FileDecision, { path: { id: string; fid: string } }>;
  };
  '/api/v1/imports/{id}/apply': { post: Op<T.ImportPublic, Id> };
  '/api/v1/exports': {
    post: {
      parameters: Params;
      requestBody: Json<{ components: string[]; label?: string }>;
      responses: { 200: { content: { 'application/zip': Blob } }; default: Fails };
    };
  };
}
