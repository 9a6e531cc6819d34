import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, it, vi } from 'vitest';
import { renderApp } from '@/features/agents/test-support';
import { problem, server, url } from '@/test/server';
import { aFile, serveClash, serveImport } from './test-support';

beforeEach(() => {
  vi.spyOn(globalThis, 'scrollTo').mockImplementation(() => {});
});

const control = (path: string) =>
  screen.findByRole('group', { name: `What to do with ${path}` });
const broken = aFile('a/tester.md', {
  outcome: 'needs_repair',
  strict_yaml_ok: false,
  has_repair: true,
  decision: 'repaired',
});
const apply = () => screen.findByRole('button', { name: 'Apply import' });

it('tells what to remember, and opens the first group that has files', async () => {
  serveImport([broken, aFile('b/fine.md')]);
  await renderApp('/imports/i1');
  expect(await screen.findByRole('heading', { level: 1 })).toHaveTextContent(
    '1 of 2 would be dropped by a strict loader; their descriptions cost 2,700 tokens in every session.',
  );
  expect(screen.getByText('Left aside: 12 skills, 3 commands')).toBeVisible();
  expect(screen.getByRole('link', { name: /Needs repair/ })).toHaveAttribute(
    'aria-current',
    'page',
  );
  expect(screen.queryByRole('link', { name: /Refused/ })).not.toBeInTheDocument();
  expect(within(await control('a/tester.md')).getByLabelText('Repaired')).toBeChecked();
});

it('keeps the group in the address', async () => {
  serveImport([broken, aFile('b/fine.md')]);
  const router = await renderApp('/imports/i1');
  await userEvent.click(await screen.findByRole('link', { name: /New/ }));
  expect(router.state.location.search).toEqual({ group: 'new' });
  const choices = within(await control('b/fine.md'));
  expect(choices.getAllByRole('radio')).toHaveLength(2);
});

it('shows a decision at once', async () => {
  const { patch } = serveImport([broken]);
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  server.use(
    http.patch(url('/imports/i1/files/:fid'), async ({ request }) => {
      await answered;
      return HttpResponse.json(patch(broken.id, (await request.json()) as object));
    }),
  );
  await renderApp('/imports/i1');
  const choices = within(await control('a/tester.md'));
  await userEvent.click(choices.getByLabelText('Skip'));
  expect(choices.getByLabelText('Skip')).toBeChecked();
  expect(await apply()).toBeDisabled();
  answer();
  await waitFor(async () => expect(await apply()).toBeEnabled());
  expect(choices.getByLabelText('Skip')).toBeChecked();
});

it('decides for a whole group', async () => {
  const other = { ...broken, id: 'x', path: 'x.md' };
  const { patch } = serveImport([broken, other]);
  const asked: unknown[] = [];
  server.use(
    http.patch(url('/imports/i1/files'), async ({ request }) => {
      asked.push(await request.json());
      for (const { id } of [broken, other]) patch(id, { decision: 'original' });
      return HttpResponse.json({ updated: 2 });
    }),
  );
  await renderApp('/imports/i1');
  await userEvent.click(
    await screen.findByRole('button', { name: 'Take all originals' }),
  );
  expect(await screen.findByText('2 files taken as they are')).toBeVisible();
  expect(asked).toEqual([{ decision: 'original', outcome: ['needs_repair'] }]);
  expect(within(await control('x.md')).getByLabelText('Original')).toBeChecked();
});

it('waits with applying until a clash is decided, and says so', async () => {
  serveClash();
  await renderApp('/imports/i1');
  expect(
    await screen.findByText('2 different files want this name. Which one gets it?'),
  ).toBeVisible();
  expect(await apply()).toBeDisabled();
  expect(await apply()).toHaveAccessibleDescription(/First decide 1 name clash/);
  expect(screen.getByText('1 of 3 decided')).toBeVisible();
});

it('gives the name to one side and keeps the settled clash in view', async () => {
  const { state } = serveClash();
  await renderApp('/imports/i1');
  await userEvent.click(
    await screen.findByRole('button', { name: 'Take a/reviewer.md' }),
  );
  expect(
    await screen.findByText(
      /a\/reviewer\.md gets the name; b\/reviewer\.md is skipped\./,
    ),
  ).toBeVisible();
  expect(state.files.map(({ decision }) => decision)).toEqual([
    'original',
    'skip',
    'original',
  ]);
  await waitFor(async () => expect(await apply()).toBeEnabled());
  expect(screen.getByText('3 of 3 decided')).toBeVisible();
});

it('proposes a free name, and says when a name will not do', async () => {
  const { patch, settle } = serveClash();
  server.use(
    http.get(url('/components'), () =>
      HttpResponse.json({ items: [{ name: 'b-reviewer' }], next_cursor: null }),
    ),
    http.patch(url('/imports/i1/files/:fid'), async ({ request, params }) => {
      const body = (await request.json()) as { target_name: string };
      if (body.target_name === 'taken') {
        return problem(422, 'invalid', {
          errors: [
            { loc: 'target_name', message: 'tester.md takes the name.', code: 'taken' },
          ],
        });
      }
      patch(String(params.fid), body);
      settle();
      return HttpResponse.json(patch(String(params.fid), {}));
    }),
  );
  await renderApp('/imports/i1');
  await userEvent.click(
    await screen.findByRole('button', { name: 'Rename b/reviewer.md' }),
  );
  const name = await screen.findByLabelText(/Name for b\/reviewer\.md/);
  expect(name).toHaveValue('reviewer-2');
  await userEvent.clear(name);
  await userEvent.type(name, 'No-Way');
  expect(
    screen.getByText('Use lower-case letters, digits and single hyphens'),
  ).toBeVisible();
  await userEvent.clear(name);
  await userEvent.type(name, 'taken{Enter}');
  expect(await screen.findByText('tester.md takes the name.')).toBeVisible();
  await userEvent.clear(name);
  await userEvent.type(name, 'second{Enter}');
  expect(
    await screen.findByText(/b\/reviewer\.md becomes second; both are taken\./),
  ).toBeVisible();
  await waitFor(async () => expect(await apply()).toBeEnabled());
});

it('compares again when somebody published in the meantime', async () => {
  const { patch } = serveImport([broken, aFile('b/fine.md', { decision: 'skip' })]);
  const decided: unknown[] = [];
  server.use(
    http.post(url('/imports/i1/apply'), () =>
      problem(409, 'conflict', { detail: 'Somebody published a/tester.md.' }),
    ),
    http.patch(url('/imports/i1/files'), async ({ request }) => {
      decided.push(await request.json());
      patch(broken.id, { outcome: 'changed' });
      return HttpResponse.json({ updated: 1 });
    }),
  );
  await renderApp('/imports/i1');
  await userEvent.click(await apply());
  expect(await screen.findByText('Somebody published a/tester.md.')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: /Compare again/ }));
  expect(await screen.findByText(/Compared again/)).toBeVisible();
  expect(decided).toEqual([
    { decision: 'repaired', ids: [broken.id] },
    { decision: 'skip', ids: ['b/fine.md'] },
  ]);
  expect(screen.getByRole('link', { name: /Changed/ })).toBeVisible();
});

it('shows the report in place of the preview, with links to what was made', async () => {
  const { state, read, patch } = serveImport([broken]);
  server.use(
    http.post(url('/imports/i1/apply'), () => {
      patch(broken.id, {
        result: { outcome: 'created', component_id: 'c1', number: 1 },
      });
      state.change = {
        state: 'applied',
        results: { created: 1, published: 0, unchanged: 0, reused: 0, skipped: 0 },
      };
      return HttpResponse.json(read());
    }),
  );
  await renderApp('/imports/i1');
  await userEvent.click(await apply());
  const title = await screen.findByRole('heading', { name: '1 agent created.' });
  await waitFor(() => expect(title).toHaveFocus());
  expect(await screen.findByRole('link', { name: 'tester' })).toHaveAttribute(
    'href',
    '/agents/ada/tester',
  );
  expect(screen.getByText('revision 1, repaired')).toBeVisible();
});

it('takes proposals into the repair one by one', async () => {
  const file = aFile('a/tester.md', {
    health: { worst: 'warning', errors: 0, warnings: 2, infos: 0 },
  });
  const { patch } = serveImport([file]);
  const finding = (line: number) => ({
    rule: 'file.mojibake',
    severity: 'warning',
    line,
    column: 1,
    end_line: line,
    end_column: 4,
    message: `Characters of line ${line} are garbled.`,
    evidence: null,
    fix: { title: 'Replace', safe: false, edits: [] },
  });
  let accepted: number[] = [];
  server.use(
    http.get(url('/imports/i1/files/:fid'), () =>
      HttpResponse.json({
        ...file,
        original: 'x',
        repaired: accepted.length > 0 ? 'y' : null,
        current: null,
        findings: [finding(5), finding(7)],
        examples: [],
        accepted_fixes: accepted,
        files: [],
      }),
    ),
    http.patch(url('/imports/i1/files/:fid'), async ({ request }) => {
      const body = (await request.json()) as { accept_fixes: number[] };
      accepted = body.accept_fixes;
      return HttpResponse.json(patch(file.id, { decision: 'repaired' }));
    }),
  );
  await renderApp('/imports/i1');
  await userEvent.click(
    await screen.findByRole('button', { name: 'Details of a/tester.md' }),
  );
  const second = await screen.findByRole('checkbox', { name: /line 7/ });
  await userEvent.click(second);
  await waitFor(() => expect(screen.getByText('1 of 2 taken')).toBeVisible());
  expect(accepted).toEqual([1]);
  expect(await screen.findByText('What the repair changes')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Take all 2' }));
  await waitFor(() => expect(accepted).toEqual([0, 1]));
});

it('asks what becomes of secrets, and says what was refused', async () => {
  const tickets = aFile('mcp/tickets.json', { kind: 'server', literal_secrets: 2 });
  const { patch } = serveImport([tickets]);
  let refused = true;
  server.use(
    http.patch(url('/imports/i1/files/:fid'), async ({ request }) => {
      const change = (await request.json()) as object;
      if (refused) return problem(403, 'forbidden', { detail: 'Ask an owner.' });
      return HttpResponse.json(patch(tickets.id, change));
    }),
  );
  await renderApp('/imports/i1');
  const choices = within(
    await screen.findByRole('group', { name: /2 values in it look like secrets/ }),
  );
  await userEvent.click(choices.getByLabelText(/Move into the store/));
  expect(await choices.findByText('Ask an owner.')).toBeVisible();
  refused = false;
  await userEvent.click(choices.getByLabelText(/Move into the store/));
  await waitFor(() =>
    expect(choices.getByLabelText(/Move into the store/)).toBeChecked(),
  );
});
