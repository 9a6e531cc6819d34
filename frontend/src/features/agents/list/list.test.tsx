import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it, vi } from 'vitest';
import type { ComponentPublic } from '@/api/types';
import { ada, problem, server, url } from '@/test/server';
import { anAgent, renderApp, serveAgents } from '../test-support';

const names = ['alpha', 'beta', 'gamma', 'delta'];
const box = (name: string) => screen.findByRole('checkbox', { name: `Select ${name}` });

interface BulkBody {
  action: string;
  items: { id: string; etag?: string }[];
  [argument: string]: unknown;
}

/** Answers bulk requests; `refuse` gives the problems by id. */
function serveBulk(refuse: (body: BulkBody) => Record<string, string>) {
  server.use(
    http.post(url('/components/bulk'), async ({ request }) => {
      const body = (await request.json()) as BulkBody;
      const refused = refuse(body);
      const items = body.items.map(({ id }) => {
        const code = refused[id];
        const problem = code && {
          type: `/problems/${code}`,
          title: 'Refused',
          status: 412,
        };
        return { id, status: code ? 412 : 200, etag: null, problem: problem ?? null };
      });
      return HttpResponse.json({ items });
    }),
  );
}

it('keeps text, filters and order in the address, and asks for them', async () => {
  const asked = serveAgents(() => names.map((name) => anAgent(name)));
  const router = await renderApp('/agents?sort=name');
  await userEvent.type(await screen.findByLabelText('Search these agents'), 'be');
  await userEvent.click(await screen.findByRole('checkbox', { name: /^Read/ }));
  await userEvent.click(screen.getByRole('button', { name: 'Name' }));
  await waitFor(() =>
    expect(router.state.location.search).toEqual({
      q: 'be',
      sort: '-name',
      tool: 'Read',
    }),
  );
  await waitFor(() => {
    const last = asked.at(-1);
    expect(last?.get('q')).toBe('be');
    expect(last?.getAll('tool')).toEqual(['Read']);
    expect(last?.get('sort')).toBe('-name');
  });
  await userEvent.click(screen.getByRole('button', { name: 'Clear filters' }));
  await waitFor(() => expect(router.state.location.search).toEqual({ sort: '-name' }));
});

it('moves with j and k, selects with x, and a range with shift', async () => {
  serveAgents(() => names.map((name) => anAgent(name)));
  await renderApp('/agents');
  await box('alpha');
  await userEvent.keyboard('jjx');
  expect(screen.getByRole('link', { name: 'beta' })).toHaveFocus();
  expect(await box('beta')).toBeChecked();
  await userEvent.keyboard('jj{Shift>}X{/Shift}');
  expect(await box('gamma')).toBeChecked();
  expect(await box('delta')).toBeChecked();
  expect(await box('alpha')).not.toBeChecked();
  await userEvent.keyboard('k');
  expect(screen.getByRole('link', { name: 'gamma' })).toHaveFocus();
  await userEvent.keyboard('{Escape}');
  expect(await box('beta')).not.toBeChecked();
  await userEvent.keyboard('/');
  expect(screen.getByLabelText('Search these agents')).toHaveFocus();
});

it('says which could not be deleted, and brings the others back', async () => {
  const gone = new Set<string>();
  const restored: string[] = [];
  serveAgents(() =>
    names.map((name) => anAgent(name)).filter(({ id }) => !gone.has(id)),
  );
  serveBulk(({ action, items }) => {
    if (action === 'restore') {
      expect(items.every(({ etag }) => etag === undefined)).toBe(true);
      restored.push(...items.map(({ id }) => id));
      for (const { id } of items) gone.delete(id);
      return {};
    }
    expect(action).toBe('delete');
    expect(items.every(({ etag }) => etag === '"v1"')).toBe(true);
    for (const { id } of items) if (id !== 'id-beta') gone.add(id);
    return { 'id-beta': 'stale' };
  });
  await renderApp('/agents');
  const user = userEvent.setup();
  await user.click(await box('alpha'));
  await user.keyboard('{Shift>}');
  await user.click(await box('gamma'));
  await user.keyboard('{/Shift}');
  await userEvent.click(await screen.findByRole('button', { name: 'Delete' }));
  const dialog = await screen.findByRole('dialog', { name: 'Delete 3 agents?' });
  await userEvent.click(
    within(dialog).getByRole('button', { name: 'Delete 3 agents' }),
  );

  const alert = await within(dialog).findByRole('alert');
  expect(alert).toHaveTextContent('2 agents done, 1 not');
  expect(alert).toHaveTextContent('beta Somebody changed it in the meantime');
  await waitFor(() => expect(screen.queryByText('alpha')).not.toBeInTheDocument());

  await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
  await screen.findByText('Restored 2 agents');
  expect(restored.sort()).toEqual(['id-alpha', 'id-gamma']);
});

it('labels what may be edited, and leaves the rest alone', async () => {
  const asked: BulkBody[] = [];
  const agents: ComponentPublic[] = [
    anAgent('alpha'),
    anAgent('beta', { permissions: { edit: false, manage: false } }),
  ];
  serveAgents(() => agents);
  serveBulk((body) => {
    asked.push(body);
    return {};
  });
  await renderApp('/agents');
  await userEvent.click(
    await screen.findByRole('checkbox', { name: 'Select all 2 shown' }),
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Label' }));
  const dialog = await screen.findByRole('dialog');
  expect(dialog).toHaveTextContent('1 agent that you may not edit is left alone');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Set label' }));
  expect(dialog).toHaveTextContent('Name the label');
  await userEvent.type(within(dialog).getByLabelText('Label'), 'production');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Set label' }));
  await screen.findByText('Set production on alpha');
  expect(asked).toEqual([
    {
      action: 'label',
      label: 'production',
      items: [{ id: 'id-alpha', etag: '"v1"' }],
    },
  ]);
});

it('offers a zip per team where two agents share a file name', async () => {
  const other = { id: 't2', slug: 'grace', name: 'Grace' };
  serveAgents(() => [anAgent('alpha'), anAgent('alpha', { id: 'id-2', team: other })]);
  const asked: string[][] = [];
  const saved: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    saved.push(this.download);
  });
  server.use(
    http.post(url('/exports'), async ({ request }) => {
      const { components } = (await request.json()) as { components: string[] };
      asked.push(components);
      return components.length > 1
        ? problem(409, 'conflict', { detail: 'They share the file alpha.md.' })
        : new HttpResponse('zip', {
            headers: {
              'Content-Type': 'application/zip',
              'Content-Disposition': `attachment; filename="${components[0]}.zip"`,
            },
          });
    }),
  );
  await renderApp('/agents');
  await userEvent.click(
    await screen.findByRole('checkbox', { name: 'Select all 2 shown' }),
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Export' }));
  const dialog = await screen.findByRole('dialog');
  expect(dialog).toHaveTextContent('They share the file alpha.md.');
  await userEvent.click(
    within(dialog).getByRole('button', { name: 'Export one zip per team' }),
  );
  await waitFor(() => expect(asked).toHaveLength(3));
  expect(asked.slice(1)).toEqual([['id-alpha'], ['id-2']]);
  await waitFor(() => expect(saved).toEqual(['id-alpha.zip', 'id-2.zip']));
});

it('shows an error where the rows would be, and tries again', async () => {
  serveAgents(() => [anAgent('alpha')]);
  server.use(http.get(url('/agents'), () => problem(500, 'internal'), { once: true }));
  await renderApp('/agents');
  await userEvent.click(await screen.findByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('link', { name: 'alpha' })).toBeVisible();
});

it('moves what is owned to another team', async () => {
  const asked: BulkBody[] = [];
  serveAgents(() => [anAgent('alpha'), anAgent('beta')]);
  serveBulk((body) => {
    asked.push(body);
    return {};
  });
  const team = { id: 't9', slug: 'platform', name: 'Platform', role: 'owner' as const };
  const platform = { ...team, is_personal: false, locked: false };
  await renderApp('/agents', { ...ada, teams: [...ada.teams, platform] });
  await userEvent.click(
    await screen.findByRole('checkbox', { name: 'Select all 2 shown' }),
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Move' }));
  const dialog = await screen.findByRole('dialog', {
    name: 'Move 2 agents to another team',
  });
  await userEvent.click(within(dialog).getByRole('combobox', { name: 'Team' }));
  await userEvent.click(await screen.findByRole('option', { name: 'Platform' }));
  await userEvent.click(within(dialog).getByRole('button', { name: 'Move' }));
  await screen.findByText('Moved 2 agents to platform');
  expect(asked.map(({ action, team: to }) => [action, to])).toEqual([
    ['move', 'platform'],
  ]);
});

it('hides a column, and keeps a view to come back to', async () => {
  serveAgents(() => [anAgent('alpha')]);
  const router = await renderApp('/agents?sort=name&tool=Read');
  expect(await screen.findByRole('columnheader', { name: 'Team' })).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'View' }));
  const dialog = await screen.findByRole('dialog', { name: 'View' });
  await userEvent.click(within(dialog).getByRole('checkbox', { name: 'Team' }));
  await userEvent.click(within(dialog).getByRole('checkbox', { name: 'Licence' }));
  await userEvent.type(within(dialog).getByLabelText('Name of the view'), 'Readers');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save this view' }));
  await userEvent.click(within(dialog).getByRole('button', { name: 'Close' }));
  expect(screen.queryByRole('columnheader', { name: 'Team' })).toBeNull();
  expect(screen.getByRole('columnheader', { name: 'Licence' })).toBeVisible();

  await userEvent.click(screen.getByRole('button', { name: 'Clear filters' }));
  await userEvent.click(screen.getByRole('button', { name: 'View' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Readers' }));
  await waitFor(() =>
    expect(router.state.location.search).toEqual({ sort: 'name', tool: 'Read' }),
  );
});

it('goes on from where the address says, and back to the first rows', async () => {
  const asked = serveAgents(() => [anAgent('alpha')]);
  const router = await renderApp('/agents?after=further');
  await screen.findByText(/from further down/);
  expect(asked.at(-1)?.get('cursor')).toBe('further');
  await userEvent.click(screen.getByRole('button', { name: 'Back to the first rows' }));
  await waitFor(() => expect(router.state.location.search).toEqual({}));
  await waitFor(() => expect(asked.at(-1)?.get('cursor')).toBeNull());
});
