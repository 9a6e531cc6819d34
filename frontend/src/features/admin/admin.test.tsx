import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import type { InstancePolicy, UserAdmin } from '@/api/types';
import { renderApp } from '@/features/agents/test-support';
import { ada, problem, server, url } from '@/test/server';
import { readUserSearch } from './search';

function aUser(username: string, change: Partial<UserAdmin> = {}): UserAdmin {
  return {
    id: username === 'ada' ? ada.id : `user-${username}`,
    username,
    display_name: '',
    email: `${username}@example.org`,
    is_admin: false,
    is_active: true,
    created_at: '2026-01-02T03:04:05Z',
    deactivated_at: null,
    last_sign_in_at: null,
    has_second_factor: false,
    teams: 1,
    sole_owner_of: [],
    ...change,
  };
}

/** One account that answers as it is at the moment, and what was sent to change it. */
function serveUser(user: UserAdmin) {
  const state = { user, sent: [] as unknown[] };
  server.use(
    http.get(url(`/users/${user.id}`), () => HttpResponse.json(state.user)),
    http.patch(url(`/users/${user.id}`), async ({ request }) => {
      const body = (await request.json()) as Partial<UserAdmin>;
      state.sent.push(body);
      state.user = { ...state.user, ...body };
      return HttpResponse.json(state.user);
    }),
  );
  return state;
}

it('asks for what the address says', async () => {
  const asked: string[] = [];
  server.use(
    http.get(url('/users'), ({ request }) => {
      asked.push(new URL(request.url).search);
      const items = [
        aUser('bea', { is_active: false }),
        aUser('ada', { is_admin: true }),
      ];
      return HttpResponse.json({ items, next_cursor: null });
    }),
  );
  const router = await renderApp('/admin/users?sort=-created_at');
  const table = await screen.findByRole('table', { name: 'Users' });
  expect(table).toHaveTextContent('Deactivated');
  expect(table).toHaveTextContent('Administrator');
  await userEvent.type(screen.getByLabelText('Search users'), 'be');
  await userEvent.click(screen.getByRole('radio', { name: 'Active' }));
  await waitFor(() =>
    expect(router.state.location.search).toEqual({
      q: 'be',
      active: true,
      sort: '-created_at',
    }),
  );
  await waitFor(() =>
    expect(new URLSearchParams(asked.at(-1)).toString()).toBe(
      'sort=-created_at&active=true&q=be&limit=50',
    ),
  );
});

it('leaves out of the address what means nothing', () => {
  expect(readUserSearch({ q: ' ', active: 'yes', sort: 'shoe size' })).toEqual({});
  expect(readUserSearch({ q: 12, active: false, sort: 'username' })).toEqual({
    q: '12',
    active: false,
  });
});

it('deactivates by name, saying what happens, and takes it back', async () => {
  const team = { id: 't1', slug: 'harbour', name: 'Harbour crew' };
  const state = serveUser(aUser('bea', { sole_owner_of: [team] }));
  await renderApp('/admin/users/user-bea');
  await userEvent.click(await screen.findByRole('button', { name: 'Deactivate' }));
  const dialog = await screen.findByRole('dialog', { name: 'Deactivate bea?' });
  expect(dialog).toHaveTextContent('All their sessions and API tokens end at once.');
  expect(within(dialog).getByRole('link', { name: 'Harbour crew' })).toHaveAttribute(
    'href',
    '/teams/harbour',
  );
  await userEvent.type(
    within(dialog).getByLabelText('Type bea to confirm'),
    'bea{Enter}',
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Reactivate' }));
  expect(await screen.findByRole('button', { name: 'Deactivate' })).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Reactivate' })).toBeNull();
  expect(state.sent).toEqual([{ is_active: false }, { is_active: true }]);
});

it('explains why the last administrator cannot go', async () => {
  serveUser(aUser('ada', { is_admin: true, has_second_factor: true }));
  const detail = 'This is the last administrator; promote another account first.';
  server.use(
    http.patch(url(`/users/${ada.id}`), () => problem(409, 'last-admin', { detail })),
  );
  await renderApp(`/admin/users/${ada.id}`);
  await userEvent.click(
    await screen.findByRole('button', { name: 'Give up administration' }),
  );
  const dialog = await screen.findByRole('dialog', { name: 'Give up administration?' });
  await userEvent.click(
    within(dialog).getByRole('button', { name: 'Give up administration' }),
  );
  expect(await within(dialog).findByRole('alert')).toHaveTextContent(detail);
  // For these, the own account has pages of its own.
  expect(screen.queryByRole('button', { name: 'Make a reset link' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Remove second factor' })).toBeNull();
});

it('shows a reset link once', async () => {
  serveUser(aUser('bea'));
  server.use(
    http.post(url('/users/user-bea/reset'), () =>
      HttpResponse.json({
        link: 'https://roster.example/reset#secret',
        expires_at: '2026-05-02T12:00:00Z',
      }),
    ),
  );
  await renderApp('/admin/users/user-bea');
  await userEvent.click(
    await screen.findByRole('button', { name: 'Make a reset link' }),
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Make reset link' }));
  expect(await screen.findByLabelText('The reset link')).toHaveValue(
    'https://roster.example/reset#secret',
  );
  await userEvent.click(screen.getByRole('button', { name: 'Done' }));
  await waitFor(() => expect(screen.queryByDisplayValue(/secret/)).toBeNull());
});

it('takes nothing for no limit, and refuses what is no number of days', async () => {
  let sent: unknown;
  const policy: InstancePolicy = {
    registration: 'open',
    public_read: false,
    token_max_days: 365,
    audit_retention_days: null,
    deleted_retention_days: null,
  };
  server.use(
    http.get(url('/instance'), () =>
      HttpResponse.json({ name: 'Roster', registration: 'open', mail: true }),
    ),
    http.get(url('/instance/policy'), () => HttpResponse.json(policy)),
    http.get(url('/instance/invitations'), () =>
      HttpResponse.json({ items: [], next_cursor: null }),
    ),
    http.patch(url('/instance/policy'), async ({ request }) => {
      sent = await request.json();
      Object.assign(policy, sent);
      return HttpResponse.json(policy);
    }),
  );
  await renderApp('/admin/instance');
  const save = await screen.findByRole('button', { name: 'Save settings' });
  expect(save).toBeDisabled();
  await userEvent.click(screen.getByRole('radio', { name: /By invitation/ }));
  await userEvent.click(screen.getByRole('switch'));
  await userEvent.clear(screen.getByLabelText('Longest life of an API token'));
  const kept = screen.getByLabelText('How long audit events are kept');
  await userEvent.type(kept, '1.5');
  await userEvent.click(save);
  expect(kept).toBeInvalid();
  expect(sent).toBeUndefined();
  await userEvent.clear(kept);
  await userEvent.type(kept, '90');
  const restorable = screen.getByLabelText('How long what was deleted can be restored');
  await userEvent.type(restorable, '30');
  await userEvent.click(save);
  await waitFor(() => expect(save).toBeDisabled());
  expect(sent).toEqual({
    registration: 'invitation',
    public_read: true,
    token_max_days: null,
    audit_retention_days: 90,
    deleted_retention_days: 30,
  });
});

it('is closed to others, with a word', async () => {
  await renderApp('/admin/users', { ...ada, is_admin: false });
  expect(
    await screen.findByRole('heading', { name: 'This is for administrators' }),
  ).toBeVisible();
  expect(screen.queryByRole('link', { name: 'Instance' })).toBeNull();
});
