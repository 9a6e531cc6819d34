import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { renderApp } from '@/features/agents/test-support';
import { aJob } from '@/features/jobs/test-support';
import { problem, server, url } from '@/test/server';
import { anUpstream, aRepository } from './test-support';
import type { Repository } from './types';

const user = userEvent.setup({ delay: null });
const TOKEN = ['q7Rz2LmX9v', 'Kc4TnB8pWd'].join('');

/** A repository as the server keeps it; what was sent to change it. */
function serveRepository(first: Repository) {
  const state = { repository: first, sent: [] as Record<string, unknown>[] };
  const { path, commit, number, state: stands, is_pinned } = anUpstream();
  const component = {
    id: 'c1',
    kind: 'agent',
    name: 'tide-clerk',
    team: first.team,
  };
  server.use(
    http.get(url('/repositories/r1'), () => HttpResponse.json(state.repository)),
    http.get(url('/repositories/r1/components'), () =>
      HttpResponse.json({
        items: [
          {
            component,
            path,
            commit,
            number,
            state: stands,
            is_pinned,
            has_local_changes: true,
            update: null,
          },
        ],
        next_cursor: null,
      }),
    ),
    http.patch(url('/repositories/r1'), async ({ request }) => {
      const body = (await request.json()) as Record<string, unknown>;
      state.sent.push({ ...body, match: request.headers.get('If-Match') });
      const { token, ...rest } = body;
      state.repository = {
        ...state.repository,
        ...rest,
        ...(token !== undefined && { has_token: token !== null }),
      };
      return HttpResponse.json(state.repository);
    }),
  );
  return state;
}

it('lists what comes from where, and what came of the last check', async () => {
  const asked: (string | null)[] = [];
  const wrong = 'The repository wants a token.';
  server.use(
    http.get(url('/repositories'), ({ request }) => {
      asked.push(new URL(request.url).searchParams.get('team'));
      return HttpResponse.json({
        items: [
          aRepository({ updates: 3, outcome: 'updates', pinned: 1 }),
          aRepository({
            id: 'r2',
            url: 'https://git.example.org/harbour/private.git',
            outcome: 'failed',
            error: wrong,
          }),
        ],
        next_cursor: null,
      });
    }),
  );
  await renderApp('/imports/repositories?team=ada');
  const list = await screen.findByRole('list', { name: 'Repositories' });
  expect(within(list).getByText('3 updates')).toBeVisible();
  expect(within(list).getByText(wrong)).toBeVisible();
  expect(
    within(list).getByRole('link', { name: 'git.example.org/harbour/agents' }),
  ).toHaveAttribute('href', '/imports/repositories/r1');
  expect(asked).toEqual(['ada']);
});

it('says what the place is for when it is empty', async () => {
  server.use(
    http.get(url('/repositories'), () =>
      HttpResponse.json({ items: [], next_cursor: null }),
    ),
  );
  await renderApp('/imports/repositories');
  expect(await screen.findByText('No repositories yet')).toBeVisible();
});

it('takes a token once, and shows no more than that there is one', async () => {
  const state = serveRepository(aRepository());
  await renderApp('/imports/repositories/r1');
  await user.click(await screen.findByRole('button', { name: 'Add a token' }));
  const dialog = await screen.findByRole('dialog');
  await user.type(within(dialog).getByLabelText('Token'), TOKEN);
  await user.click(within(dialog).getByRole('button', { name: 'Add' }));
  expect(await screen.findByText('Kept encrypted')).toBeVisible();
  expect(screen.queryByDisplayValue(TOKEN)).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Remove the token' }));
  expect(await screen.findByRole('button', { name: 'Add a token' })).toBeVisible();
  expect(state.sent).toEqual([
    { token: TOKEN, match: '"v1"' },
    { token: null, match: '"v1"' },
  ]);
});

it('changes how often it is looked at, and takes it back when that fails', async () => {
  const state = serveRepository(aRepository());
  await renderApp('/imports/repositories/r1');
  const schedule = await screen.findByRole('combobox', { name: 'Schedule' });
  await user.selectOptions(schedule, 'Every week');
  await waitFor(() => expect(state.repository.every).toBe('week'));
  server.use(
    http.patch(url('/repositories/r1'), () =>
      problem(412, 'stale', { detail: 'Somebody changed it.' }),
    ),
  );
  await waitFor(() => expect(schedule).toBeEnabled());
  await user.selectOptions(schedule, 'Every hour');
  expect(await screen.findByText('Somebody changed it.')).toBeVisible();
  await waitFor(() => expect(schedule).toHaveValue('week'));
});

it('takes all updates in a job, and shows its log', async () => {
  const state = serveRepository(aRepository({ updates: 2, outcome: 'updates' }));
  const job = aJob({
    id: 'j1',
    kind: 'repositories.update',
    state: 'succeeded',
    lines: 1,
  });
  server.use(
    http.post(url('/repositories/r1/update'), () => {
      state.repository = aRepository({ updates: 1, outcome: 'updates' });
      return HttpResponse.json(job, { status: 202 });
    }),
    http.get(url('/jobs/j1'), () => HttpResponse.json(job)),
    http.get(url('/jobs/j1/log'), () =>
      HttpResponse.json({
        items: [
          {
            number: 1,
            attempt: 1,
            level: 'warning',
            message: 'tide-clerk was changed here as well: left as it is.',
            created_at: '2026-05-01T12:00:00Z',
          },
        ],
        next_cursor: null,
      }),
    ),
  );
  await renderApp('/imports/repositories/r1');
  await user.click(await screen.findByRole('button', { name: 'Take 2 updates' }));
  expect(
    await screen.findByRole('heading', { name: 'Log of the update' }),
  ).toBeVisible();
  expect(await screen.findByText(/was changed here as well/)).toBeVisible();
  expect(screen.getByText('Changed here')).toBeVisible();
});
