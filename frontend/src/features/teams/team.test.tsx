import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { renderApp } from '@/features/agents/test-support';
import { ada, problem, server, url } from '@/test/server';
import { aMember, aTeam, memberOf, serveTeam } from './test-support';

const as = (user: unknown) =>
  http.get(url('/users/me'), () => HttpResponse.json(user as typeof ada));

it('proposes an address from the name, until one is chosen', async () => {
  let sent: unknown;
  serveTeam(aTeam({ slug: 'harbour-crew' }), [aMember('ada', { role: 'owner' })]);
  server.use(
    http.get(url('/teams'), () =>
      HttpResponse.json({ items: ada.teams, next_cursor: null }),
    ),
    http.get(url('/teams/ada'), () => HttpResponse.json(aTeam({ slug: 'ada' }))),
    http.post(url('/teams'), async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json(aTeam({ slug: 'harbour-crew' }), { status: 201 });
    }),
  );
  const router = await renderApp('/teams');
  await userEvent.click(await screen.findByRole('button', { name: 'New team' }));
  const dialog = await screen.findByRole('dialog', { name: 'New team' });
  const address = within(dialog).getByLabelText('Address');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Make team' }));
  expect(address).toHaveAccessibleDescription(/Choose an address/);
  await userEvent.type(within(dialog).getByLabelText('Name'), 'Harbour crew');
  expect(address).toHaveValue('harbour-crew');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Make team' }));
  await waitFor(() =>
    expect(router.state.location.pathname).toBe('/teams/harbour-crew'),
  );
  expect(sent).toEqual({ name: 'Harbour crew', slug: 'harbour-crew' });
});

it('shows a changed role at once, and takes it back when it is refused', async () => {
  const state = serveTeam(aTeam(), [
    aMember('ada', { role: 'owner' }),
    aMember('bea', { role: 'owner' }),
  ]);
  let answer!: () => void;
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  server.use(
    http.put(url('/teams/harbour/members/bea'), async () => {
      await asked;
      return problem(409, 'last-owner', { detail: 'This is the last owner.' });
    }),
  );
  await renderApp('/teams/harbour');
  const role = await screen.findByRole('combobox', { name: 'Role of bea' });
  await userEvent.selectOptions(role, 'viewer');
  expect(role).toHaveValue('viewer');
  answer();
  expect(await screen.findByText('This is the last owner.')).toBeVisible();
  await waitFor(() => expect(role).toHaveValue('owner'));
  expect(state.members).toHaveLength(2);
});

it('asks an owner before the role is given up', async () => {
  let role: unknown;
  serveTeam(aTeam(), [
    aMember('ada', { role: 'owner' }),
    aMember('bea', { role: 'owner' }),
  ]);
  server.use(
    http.put(url('/teams/harbour/members/ada'), async ({ request }) => {
      role = await request.json();
      return HttpResponse.json(aMember('ada', { role: 'editor' }));
    }),
  );
  await renderApp('/teams/harbour');
  await userEvent.selectOptions(
    await screen.findByRole('combobox', { name: 'Role of ada' }),
    'editor',
  );
  await screen.findByRole('dialog', { name: 'Give up ownership of Harbour crew?' });
  expect(role).toBeUndefined();
  await userEvent.click(screen.getByRole('button', { name: 'Give up ownership' }));
  await waitFor(() => expect(role).toEqual({ role: 'editor' }));
});

it('does not offer what the last owner or a viewer may not do', async () => {
  const state = serveTeam(aTeam(), [
    aMember('ada', { role: 'owner' }),
    aMember('bea', { role: 'owner', is_active: false }),
  ]);
  const router = await renderApp('/teams/harbour');
  const table = await screen.findByRole('table', { name: 'Members of Harbour crew' });
  expect(within(table).queryByRole('combobox', { name: 'Role of ada' })).toBeNull();
  expect(within(table).queryByRole('button', { name: 'Leave' })).toBeNull();
  expect(within(table).getByRole('button', { name: 'Remove bea' })).toBeVisible();

  server.use(as({ ...memberOf(aTeam({ role: 'viewer' })), is_admin: false }));
  state.team = aTeam({ role: 'viewer' });
  state.members = [aMember('ada'), aMember('bea', { role: 'owner' })];
  await router.navigate({ to: '/teams/$team/settings', params: { team: 'harbour' } });
  await router.options.context.queryClient.invalidateQueries();
  expect(await screen.findByText('This is for owners')).toBeVisible();
  await userEvent.click(screen.getByRole('link', { name: 'See who they are' }));
  await screen.findByRole('button', { name: 'Leave' });
  for (const name of ['Invitations', 'Settings', 'Audit']) {
    expect(screen.queryByRole('link', { name })).toBeNull();
  }
  expect(screen.queryByLabelText('Add by user name')).toBeNull();
  expect(screen.queryByRole('button', { name: 'Remove bea' })).toBeNull();
});

it('says at the field that there is no such account', async () => {
  serveTeam(aTeam(), [aMember('ada', { role: 'owner' })]);
  server.use(
    http.put(url('/teams/harbour/members/zoe'), () => problem(404, 'not-found')),
  );
  await renderApp('/teams/harbour');
  const name = await screen.findByLabelText('Add by user name');
  await userEvent.type(name, ' @Zoe{Enter}');
  expect(await screen.findByText(/^There is no account zoe\./)).toBeVisible();
  expect(name).toBeInvalid();
});

it('deletes a team only when its name was typed', async () => {
  let confirmed: string | null = null;
  serveTeam(aTeam(), [aMember('ada', { role: 'owner' })]);
  server.use(
    http.get(url('/teams'), () =>
      HttpResponse.json({ items: ada.teams, next_cursor: null }),
    ),
    http.get(url('/teams/ada'), () => HttpResponse.json(aTeam({ slug: 'ada' }))),
    http.delete(url('/teams/harbour'), ({ request }) => {
      confirmed = new URL(request.url).searchParams.get('confirm');
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const router = await renderApp('/teams/harbour/settings');
  await userEvent.click(
    await screen.findByRole('button', { name: 'Delete this team' }),
  );
  const dialog = await screen.findByRole('dialog', { name: 'Delete Harbour crew?' });
  const button = within(dialog).getByRole('button', { name: 'Delete team' });
  const field = within(dialog).getByLabelText('Type harbour to confirm');
  await userEvent.type(field, 'Harbour{Enter}');
  expect(button).toBeDisabled();
  await userEvent.clear(field);
  await userEvent.type(field, 'harbour');
  await userEvent.click(button);
  await waitFor(() => expect(router.state.location.pathname).toBe('/teams'));
  expect(confirmed).toBe('harbour');
});

it('follows a team to its new address', async () => {
  serveTeam(aTeam({ slug: 'quay' }), [aMember('ada', { role: 'owner' })]);
  server.use(
    http.get(url('/teams/harbour'), () => HttpResponse.json(aTeam({ slug: 'quay' }))),
  );
  const router = await renderApp('/teams/harbour/settings');
  await waitFor(() =>
    expect(router.state.location.pathname).toBe('/teams/quay/settings'),
  );
  expect(await screen.findByRole('textbox', { name: 'Address' })).toHaveValue('quay');
});

it('tells a member what a locked team waits for', async () => {
  const team = aTeam({ role: 'editor', locked: true, require_second_factor: true });
  serveTeam(team);
  await renderApp('/teams/harbour');
  expect(
    await screen.findByRole('link', { name: 'Set up a second factor' }),
  ).toHaveAttribute('href', '/account/security');
  expect(screen.queryByRole('table')).toBeNull();
});

it('lets an administrator take ownership by naming the team', async () => {
  const state = serveTeam(aTeam({ role: null }), [aMember('bea', { role: 'owner' })]);
  server.use(
    http.post(url('/teams/harbour/ownership'), () => {
      state.team = aTeam();
      return HttpResponse.json(state.team);
    }),
  );
  await renderApp('/teams/harbour');
  await userEvent.click(await screen.findByRole('button', { name: 'Take ownership' }));
  const dialog = await screen.findByRole('dialog');
  await userEvent.type(
    within(dialog).getByLabelText('Type harbour to confirm'),
    'harbour{Enter}',
  );
  expect(await screen.findByRole('link', { name: 'Settings' })).toBeVisible();
  expect(screen.queryByText(/You are not a member/)).toBeNull();
});
