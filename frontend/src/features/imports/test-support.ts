import { HttpResponse, http } from 'msw';
import type { ImportFile, ImportOutcome, ImportPublic } from '@/api/types';
import { server, url } from '@/test/server';
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
  ...change,
});

/** An import as the server keeps it; handlers read and change `files`. */
export function serveImport(files: ImportFile[], change: Partial<ImportPublic> = {}) {
  const state = { files, version: 1, change };
  const counts = () =>
    Object.fromEntries(
      order.map((name) => [
        name,
        state.files.filter(({ outcome }) => outcome === name).length,
      ]),
    ) as ImportPublic['counts'];
  const read = (): ImportPublic => ({
    id: 'i1',
    team: { id: 't1', slug: 'ada', name: 'Ada' },
    state: 'preview',
    created_at: '2026-05-01T12:00:00Z',
    applied_at: null,
    author: { id: 'u1', username: 'ada', display_name: 'Ada' },
    source: 'upload',
    headline: {
      agents: state.files.length,
      components: { agent: state.files.length },
      dropped_by_strict: state.files.filter(
        ({ strict_yaml_ok }) => strict_yaml_ok === false,
      ).length,
      description_tokens: 2679,
      left_aside: { skill: 12, command: 3 },
    },
    results: null,
    ...state.change,
    counts: counts(),
    etag: `"v${state.version}"`,
  });
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
      const wanted = new URL(request.url).searchParams.getAll('outcome');
      return HttpResponse.json({
        items: state.files.filter(({ outcome }) => wanted.includes(outcome)),
        next_cursor: null,
      });
    }),
    http.get(url('/imports/i1/files/:fid'), ({ params }) =>
      HttpResponse.json({
        ...state.files.find(({ id }) => id === decodeURIComponent(String(params.fid))),
        original: 'You review.',
        repaired: null,
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
