import { HttpResponse, http } from 'msw';
import type { JobRef } from '@/features/jobs/types';
import { server, url } from '@/test/server';
import { isUndecidedLeak } from './leaks';
import type { ImportFile, ImportOutcome, ImportPublic } from './types';
import { order } from './wording';

export const aFile = (path: string, change: Partial<ImportFile> = {}): ImportFile => ({
  id: path,
  path,
  outcome: 'new',
  reason: '',
  kind: 'agent',
  name: path.replace(/^.*\//, '').replace('.md', ''),
  description: `What ${path} is for`,
  size: 100,
  strict_yaml_ok: true,
  has_repair: false,
  health: { worst: 'fine', errors: 0, warnings: 0, infos: 0 },
  examples: 0,
  other_files: 0,
  description_tokens: 5,
  decision: 'original',
  literal_secrets: 0,
  secrets: null,
  target_name: null,
  clash_with: [],
  result: null,
  tool: '',
  notes: [],
  elsewhere: null,
  licence: null,
  place: '',
  rules: [],
  same_as: [],
  reuse: null,
  ...change,
});

const countsOf = (files: readonly ImportFile[]) =>
  Object.fromEntries(
    order.map((name) => [name, files.filter(({ outcome }) => outcome === name).length]),
  ) as ImportPublic['counts'];

/** An import of these files, as the server tells it. */
export function anImport(
  files: readonly ImportFile[],
  change: Partial<ImportPublic> = {},
): ImportPublic {
  const dropped = files.filter(({ strict_yaml_ok }) => strict_yaml_ok === false);
  return {
    id: 'i1',
    team: { id: 't1', slug: 'ada', name: 'Ada' },
    state: 'preview',
    created_at: '2026-05-01T12:00:00Z',
    applied_at: null,
    author: { id: 'u1', username: 'ada', display_name: 'Ada' },
    source: 'upload',
    headline: {
      agents: files.length,
      components: { agent: files.length },
      dropped_by_strict: dropped.length,
      description_tokens: 2679,
      left_aside: { skill: 12, command: 3 },
    },
    results: null,
    job: null,
    error: '',
    origin: '',
    commit: null,
    repository_id: null,
    rules: [],
    leaks: files.filter(isUndecidedLeak).length,
    looked_in: [],
    counts: countsOf(files),
    open: countsOf(files.filter(({ result }) => !result)),
    etag: '"v1"',
    ...change,
  };
}

export const aJob = (change: Partial<JobRef> = {}): JobRef => ({
  id: 'j1',
  state: 'running',
  step: 'Reading the files',
  done: 120,
  total: 300,
  ...change,
});

/** The import that the API has; handlers read and change its files. */
export function serveImport(files: ImportFile[], change: Partial<ImportPublic> = {}) {
  const state = { files, version: 1, change };
  const read = () =>
    anImport(state.files, { ...state.change, etag: `"v${state.version}"` });
  const patch = (id: string, values: Partial<ImportFile>) => {
    state.version++;
    state.files = state.files.map((one) =>
      one.id === id ? { ...one, ...values } : one,
    );
    return state.files.find((one) => one.id === id);
  };
  server.use(
    http.get(url('/imports/i1'), () => HttpResponse.json(read())),
    http.get(url('/imports/i1/files'), ({ request }) => {
      const asked = new URL(request.url).searchParams;
      const items = state.files.filter((file) => isWanted(file, asked));
      return HttpResponse.json({ items, next_cursor: null, total: items.length });
    }),
    http.get(url('/imports/i1/files/:fid'), ({ params }) =>
      HttpResponse.json({
        ...state.files.find(({ id }) => id === decodeURIComponent(String(params.fid))),
        original: 'You review.',
        repaired: null,
        source: null,
        current: null,
        findings: [],
        examples: [],
        accepted_fixes: [],
        files: [],
      }),
    ),
    http.get(url('/components'), () =>
      HttpResponse.json({ items: [], next_cursor: null }),
    ),
  );
  return { state, read, patch };
}

function isWanted(file: ImportFile, asked: URLSearchParams): boolean {
  const outcomes = asked.getAll('outcome');
  const [rule, q] = [asked.get('rule'), asked.get('q')];
  const result = asked.get('result');
  return (
    (outcomes.length === 0 || outcomes.includes(file.outcome)) &&
    (!rule || file.rules.includes(rule)) &&
    (!q || file.path.includes(q)) &&
    (!result || (result === 'open') === !file.result) &&
    (!asked.has('secrets') || isUndecidedLeak(file))
  );
}

/** Two files that want one name, and what skipping one of them does. */
export function serveClash() {
  const clash = (path: string, other: string) =>
    aFile(path, {
      name: 'reviewer',
      outcome: 'clash',
      decision: null,
      clash_with: [{ path: other, reference: null }],
    });
  const served = serveImport([
    clash('a/reviewer.md', 'b/reviewer.md'),
    clash('b/reviewer.md', 'a/reviewer.md'),
    aFile('c/tester.md'),
  ]);
  const settle = (outcome: ImportOutcome = 'new') => {
    for (const { id, decision, outcome: was } of served.state.files) {
      if (was !== 'clash') continue;
      served.patch(id, {
        outcome,
        clash_with: [],
        decision: decision ?? 'original',
      });
    }
  };
  server.use(
    http.patch(url('/imports/i1/files'), async ({ request }) => {
      const { ids, decision } = (await request.json()) as {
        ids: string[];
        decision: 'skip';
      };
      for (const id of ids) served.patch(id, { decision });
      settle();
      return HttpResponse.json({ updated: ids.length });
    }),
  );
  return { ...served, settle };
}
