import { HttpResponse, http } from 'msw';
import type { AgentPublic, Draft, LintResult } from '@/api/types';
import { url } from '@/test/server';
import type { ServerState } from './api';
import type { Base, Local } from './reconcile';

export const ID = '0190f2a0-0000-7000-8000-00000000000a';
export const digestOf = (number: number) => String(number).repeat(64).slice(0, 64);
export const textOf = (number: number) =>
  `---\nname: reviewer\ndescription: Revision ${number}\n---\n\nFirst.\n\nSecond.\n`;

export const base = (number: number, text = textOf(number)): Base => ({
  number,
  digest: digestOf(number),
  text,
});

/** An edit of revision 1; nothing typed and no draft unless said. */
export const local = (changes: Partial<Local> = {}): Local => ({
  text: textOf(1),
  confirmed: textOf(1),
  etag: null,
  draftBase: null,
  base: base(1),
  ...changes,
});

export const draft = (changes: Partial<Draft> = {}): Draft => ({
  content: 'saved',
  base_number: 1,
  base_digest: digestOf(1),
  updated_at: '2026-05-01T12:00:00Z',
  etag: '"d1"',
  ...changes,
});

const author = { id: ID, username: 'bob', display_name: 'Bob' };

export const agent = (
  number: number,
  changes: Partial<AgentPublic> = {},
): AgentPublic => ({
  id: ID,
  kind: 'agent',
  team: { id: ID, slug: 'ada', name: 'Ada' },
  name: 'reviewer',
  display_name: null,
  reference: 'agent:ada/reviewer',
  description: `Revision ${number}`,
  visibility: 'private',
  licence: null,
  deletion_reason: null,
  deprecation: null,
  published: true,
  etag: '"v1"',
  latest: {
    number,
    digest: digestOf(number),
    published_at: '2026-05-01T12:00:00Z',
    author,
  },
  labels: [],
  model: null,
  tools: null,
  health: { worst: 'fine', errors: 0, warnings: 0, infos: 0 },
  description_tokens: 3,
  body_tokens: 4,
  created_at: '2026-05-01T12:00:00Z',
  updated_at: '2026-05-01T12:00:00Z',
  deleted_at: null,
  permissions: { edit: true, manage: true },
  draft: false,
  manifest: {},
  misfits: {},
  body: '',
  findings: [],
  examples: [],
  content: textOf(number),
  ...changes,
});

export const state = (number: number, mine: Draft | null = null): ServerState => ({
  agent: agent(number, { draft: mine !== null }),
  draft: mine,
});

export const clean: LintResult = {
  ok: true,
  name: 'reviewer',
  display_name: null,
  manifest: {},
  body: '',
  findings: [],
  repaired: null,
  examples: [],
  description_tokens: 1,
  body_tokens: 1,
  strict_yaml_ok: true,
};

export const lints = (result: Partial<LintResult> = {}) =>
  http.post(url('/lint'), () => HttpResponse.json({ ...clean, ...result }));
