import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, it, vi } from 'vitest';
import { renderApp } from '@/features/agents/test-support';
import { server, url } from '@/test/server';
import { aFile, serveImport } from './test-support';

beforeEach(() => {
  vi.spyOn(globalThis, 'scrollTo').mockImplementation(() => {});
  server.use(
    http.get(url('/rules'), () =>
      HttpResponse.json({
        items: [
          { id: 'yaml.colon', severity: 'error', title: 'Unquoted colon', help: '' },
        ],
      }),
    ),
  );
});

const files = () => ['a', 'b', 'c', 'd'].map((name) => aFile(`${name}.md`));
const select = (path: string) =>
  screen.findByRole('checkbox', { name: `Select ${path}` });

/** Applies at once what it is asked to. */
function serveApply(served: ReturnType<typeof serveImport>) {
  const asked: unknown[] = [];
  server.use(
    http.post(url('/imports/i1/apply'), async ({ request }) => {
      const body = (await request.json()) as { ids?: string[] };
      asked.push(body);
      for (const { id } of served.state.files) {
        if (body.ids && !body.ids.includes(id)) continue;
        served.patch(id, {
          result: { outcome: 'created', component_id: id, number: 1 },
        });
      }
      const created = served.state.files.filter(({ result }) => result).length;
      served.state.change = {
        results: { created, published: 0, unchanged: 0, reused: 0, skipped: 0 },
      };
      return HttpResponse.json(served.read(), { status: 202 });
    }),
  );
  return asked;
}

it('applies a part, keeps the rest, and shows what is stored', async () => {
  const asked = serveApply(serveImport(files()));
  await renderApp('/imports/i1');
  await userEvent.click(await select('a.md'));
  await userEvent.click(await select('c.md'));
  expect(screen.getByText('2 of 4 selected')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Apply 2 of 4' }));
  await waitFor(() => expect(asked).toEqual([{ ids: ['a.md', 'c.md'] }]));
  await waitFor(() => expect(screen.queryByText('a.md')).not.toBeInTheDocument());
  expect(screen.getByText('b.md')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Apply import' })).toBeEnabled();
  await userEvent.click(screen.getByRole('link', { name: 'Applied 2' }));
  expect(await screen.findByRole('link', { name: 'c' })).toHaveAttribute(
    'href',
    '/agents/ada/c',
  );
});

it('applies a whole group by its name, or all of it but one', async () => {
  const asked = serveApply(serveImport(files()));
  await renderApp('/imports/i1');
  const all = await screen.findByRole('checkbox', { name: /^Select all 4/ });
  await userEvent.click(all);
  expect(await select('d.md')).toBeChecked();
  await userEvent.click(await select('d.md'));
  await waitFor(() => expect(screen.getByText('3 of 4 selected')).toBeVisible());
  expect(all).toBePartiallyChecked();
  await userEvent.click(all);
  await userEvent.click(screen.getByRole('button', { name: 'Apply 4 of 4' }));
  await waitFor(() => expect(asked).toEqual([{ outcome: ['new'] }]));
});

it('takes repaired by rule, and shows the files of a rule', async () => {
  const broken = [aFile('a.md', { rules: ['yaml.colon'], has_repair: true })];
  const { patch } = serveImport([...broken, aFile('b.md')], {
    rules: [{ rule: 'yaml.colon', files: 1, repairable: 1 }],
  });
  const asked: unknown[] = [];
  server.use(
    http.patch(url('/imports/i1/files'), async ({ request }) => {
      asked.push(await request.json());
      patch('a.md', { decision: 'repaired' });
      return HttpResponse.json({ updated: 1 });
    }),
  );
  const router = await renderApp('/imports/i1');
  expect(await screen.findByText('Unquoted colon')).toBeVisible();
  await userEvent.click(
    screen.getByRole('button', { name: 'Take repaired: Unquoted colon' }),
  );
  await waitFor(() =>
    expect(asked).toEqual([{ decision: 'repaired', rule: 'yaml.colon' }]),
  );
  await userEvent.click(screen.getByRole('link', { name: /^See the files/ }));
  await waitFor(() => expect(screen.queryByText('b.md')).not.toBeInTheDocument());
  expect(screen.getByText('a.md')).toBeVisible();
  expect(router.state.location.search).toEqual({ rule: 'yaml.colon' });
});

it('holds back what would leak, but not the files beside it', async () => {
  const leak = (path: string, kind: string) =>
    aFile(path, { kind, literal_secrets: 1 });
  const { patch } = serveImport([
    leak('notes.md', 'agent'),
    leak('mcp/tickets.json', 'server'),
    aFile('fine.md'),
  ]);
  server.use(
    http.patch(url('/imports/i1/files/:fid'), async ({ params, request }) => {
      const id = decodeURIComponent(String(params.fid));
      return HttpResponse.json(patch(id, (await request.json()) as object));
    }),
    http.patch(url('/imports/i1/files'), async ({ request }) => {
      const { ids = [], secrets } = (await request.json()) as {
        ids?: string[];
        secrets: 'keep';
      };
      for (const id of ids) patch(id, { secrets });
      return HttpResponse.json({ updated: ids.length });
    }),
  );
  await renderApp('/imports/i1');
  const panel = within(
    await screen.findByRole('region', { name: /^Before anything is stored: 2 files/ }),
  );
  const apply = screen.getByRole('button', { name: 'Apply import' });
  expect(apply).toBeDisabled();
  expect(apply).toHaveAccessibleDescription(
    expect.stringContaining('2 files with what looks like a secret'),
  );
  await userEvent.click(await select('fine.md'));
  expect(screen.getByRole('button', { name: 'Apply 1 of 3' })).toBeEnabled();
  await userEvent.click(screen.getByRole('button', { name: 'Clear the selection' }));
  expect(
    panel.queryByRole('button', {
      name: 'Move the secrets of notes.md into the store',
    }),
  ).not.toBeInTheDocument();
  await userEvent.click(
    panel.getByRole('button', {
      name: 'Move the secrets of mcp/tickets.json into the store',
    }),
  );
  expect(
    await screen.findByRole('region', { name: /^Before anything is stored: 1 file / }),
  ).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Keep notes.md as it is' }));
  await waitFor(() =>
    expect(screen.queryByRole('region', { name: /^Before/ })).not.toBeInTheDocument(),
  );
  expect(screen.getByRole('button', { name: 'Apply import' })).toBeEnabled();
});

it('uses the same of another team instead, or takes a copy after all', async () => {
  const same = {
    reference: 'agent:platform/tester',
    component_id: 'c9',
    team: { id: 't2', slug: 'platform', name: 'Platform' },
  };
  const { patch } = serveImport([aFile('tester.md', { same_as: [same] })]);
  const asked: unknown[] = [];
  server.use(
    http.patch(url('/imports/i1/files/:fid'), async ({ request }) => {
      const change = (await request.json()) as { decision: 'reuse' | 'original' };
      asked.push(change);
      const reuse = change.decision === 'reuse' ? same : null;
      return HttpResponse.json(
        patch('tester.md', { decision: change.decision, reuse }),
      );
    }),
  );
  await renderApp('/imports/i1');
  expect(await screen.findByText('platform/tester')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Use that one instead' }));
  await userEvent.click(
    await screen.findByRole('button', { name: 'Take a copy after all' }),
  );
  await waitFor(() =>
    expect(asked).toEqual([
      { decision: 'reuse', reuse_id: 'c9' },
      { decision: 'original' },
    ]),
  );
});

it('shows what another tool’s file was and became, and where a plugin stands', async () => {
  const codex = aFile('agents/tester.toml', {
    name: 'tester',
    tool: 'codex',
    notes: ['instructions is written as the body.', 'Kept as it stands: sandbox.'],
    licence: 'MIT',
  });
  const plugin = aFile('marketplace.json', {
    outcome: 'left_aside',
    kind: 'plugin',
    reason: 'The plugin tools stands in https://forge.example/ada/tools.',
    elsewhere: { url: 'https://forge.example/ada/tools', ref: 'v2', folder: '' },
  });
  serveImport([codex, plugin], {
    source: 'repository',
    origin: 'https://forge.example/ada/market',
    commit: 'abcdef0123456789',
  });
  server.use(
    http.get(url('/imports/i1/files/:fid'), () =>
      HttpResponse.json({
        ...codex,
        original: 'name: tester',
        source: 'name = "tester"',
        repaired: null,
        current: null,
        findings: [],
        examples: [],
        accepted_fixes: [],
        files: [],
      }),
    ),
  );
  await renderApp('/imports/i1');
  expect(await screen.findByText('Codex')).toBeVisible();
  await userEvent.click(
    screen.getByRole('button', { name: 'Details of agents/tester.toml' }),
  );
  const origin = within(
    await screen.findByRole('region', { name: 'Where agents/tester.toml comes from' }),
  );
  expect(
    origin.getByText('forge.example/ada/market@abcdef0123 agents/tester.toml'),
  ).toBeVisible();
  expect(origin.getByText('MIT')).toBeVisible();
  expect(await screen.findByText('As Codex has it')).toBeVisible();
  await userEvent.click(screen.getByRole('link', { name: /^Left aside/ }));
  expect(
    await screen.findByRole('link', { name: 'Import from there' }),
  ).toHaveAttribute(
    'href',
    '/imports/new?source=repository&team=ada&url=https%3A%2F%2Fforge.example%2Fada%2Ftools&ref=v2',
  );
});
