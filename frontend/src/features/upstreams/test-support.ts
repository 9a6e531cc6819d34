import { HttpResponse, http } from 'msw';
import { anAgent, aRevision, serveAgent } from '@/features/agents/test-support';
import { ada, problem, server, url } from '@/test/server';
import type { Repository, Upstream, UpstreamMerge } from './types';

const AT = '2026-05-01T12:00:00Z';
const [own] = ada.teams;
const team = { id: own?.id ?? '', slug: 'ada', name: 'Ada' };
export const COMMIT = '3f786850e387550fdab836ed7e6dc881de23001b';
const NEWER = '89e6c98d92887913cadf06b2adb97f26cde4849b';

export const aRepository = (change: Partial<Repository> = {}): Repository => ({
  id: 'r1',
  team,
  url: 'https://git.example.org/harbour/agents.git',
  ref: 'main',
  folder: '',
  has_token: false,
  every: 'day',
  next_check_at: AT,
  checked_at: AT,
  commit: COMMIT,
  outcome: 'unchanged',
  error: '',
  job: null,
  components: 2,
  updates: 0,
  pinned: 0,
  created_at: AT,
  etag: '"v1"',
  ...change,
});

export const anUpstream = (change: Partial<Upstream> = {}): Upstream => ({
  repository: {
    id: 'r1',
    url: 'https://git.example.org/harbour/agents.git',
    ref: 'main',
    folder: '',
  },
  path: 'agents/tide-clerk.md',
  commit: COMMIT,
  number: 1,
  is_pinned: false,
  state: 'available',
  checked_at: AT,
  has_local_changes: false,
  update: { commit: NEWER, digest: 'e'.repeat(64), found_at: AT },
  etag: '"v4"',
  ...change,
});

export const aMerge = (change: Partial<UpstreamMerge> = {}): UpstreamMerge => ({
  number: 1,
  latest_number: 1,
  latest_digest: 'a'.repeat(64),
  update_digest: 'e'.repeat(64),
  commit: NEWER,
  base: 'One.\nTwo.\n',
  mine: 'One.\nTwo.\n',
  theirs: 'One.\nTwo, later.\n',
  merged: 'One.\nTwo, later.\n',
  conflicts: [],
  files: [],
  clean: true,
  objection: null,
  ...change,
});

/** Both sides changed the second line. */
export const aConflict = () =>
  aMerge({
    latest_number: 2,
    mine: 'One.\nTwo, here.\n',
    merged: 'One.\nTwo, here.\n',
    conflicts: [
      { line: 2, mine: 'Two, here.\n', base: 'Two.\n', theirs: 'Two, later.\n' },
    ] as unknown as UpstreamMerge['conflicts'],
    files: [
      { path: 'notes/log.md', base: 'b', mine: 'm', theirs: 't', side: null },
      { path: 'notes/new.md', base: null, mine: null, theirs: 't', side: 'theirs' },
    ],
    clean: false,
  });

/** The page of an agent that follows an upstream, as the server keeps them. */
export function serveUpstream(first: Upstream, merge: () => UpstreamMerge) {
  const state: { upstream: Upstream | null } = { upstream: first };
  const agent = () =>
    anAgent('tide-clerk', { upstream_state: state.upstream?.state ?? null });
  serveAgent(agent, [aRevision(1), aRevision(2), aRevision(3)]);
  const path = `/components/${agent().id}/upstream`;
  server.use(
    http.get(url(path), () =>
      state.upstream ? HttpResponse.json(state.upstream) : problem(404, 'not-found'),
    ),
    http.patch(url(path), async ({ request }) => {
      const change = (await request.json()) as { is_pinned: boolean };
      if (state.upstream) state.upstream = { ...state.upstream, ...change };
      return HttpResponse.json(state.upstream);
    }),
    http.delete(url(path), () => {
      state.upstream = null;
      return new HttpResponse(null, { status: 204 });
    }),
    http.get(url(`${path}/update`), () => HttpResponse.json(merge())),
  );
  return { state, path };
}
