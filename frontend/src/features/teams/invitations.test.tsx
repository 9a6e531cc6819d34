import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, it } from 'vitest';
import type { InvitationDetails } from '@/api/types';
import { renderApp } from '@/features/agents/test-support';
import { keptInvitation } from '@/lib/invitation';
import { ada, problem, server, url } from '@/test/server';
import { aMember, anInvitation, aTeam, memberOf, serveTeam } from './test-support';

beforeEach(() => sessionStorage.clear());

const instance = http.get(url('/instance'), () =>
  HttpResponse.json({
    name: 'Roster',
    version: '1',
    setup_required: false,
    registration: 'open',
    mail: false,
    public_read: false,
  }),
);

it('shows a link once, and lists what became of the others', async () => {
  const items = [
    anInvitation({
      id: 'i2',
      email: 'bea@example.org',
      state: 'accepted',
      accepted_by: { id: 'u2', username: 'bea', display_name: 'Bea' },
    }),
    anInvitation({ id: 'i3', email: 'cy@example.org', state: 'expired' }),
  ];
  let sent: unknown;
  serveTeam(aTeam(), [aMember('ada', { role: 'owner' })]);
  server.use(
    instance,
    http.get(url('/teams/harbour/invitations'), () =>
      HttpResponse.json({ items, next_cursor: null }),
    ),
    http.post(url('/teams/harbour/invitations'), async ({ request }) => {
      sent = await request.json();
      items.unshift(anInvitation({ role: 'editor' }));
      return HttpResponse.json(
        { ...items[0], link: 'https://roster.example/join#secret' },
        { status: 201 },
      );
    }),
    http.delete(url('/teams/harbour/invitations/invitation-1'), () => {
      items[0] = anInvitation({ state: 'revoked' });
      return new HttpResponse(null, { status: 204 });
    }),
  );
  await renderApp('/teams/harbour/invitations');
  const table = await screen.findByRole('table');
  expect(table).toHaveTextContent('Accepted by Bea');
  expect(table).toHaveTextContent('Expired');
  expect(within(table).queryByRole('button')).toBeNull();

  await userEvent.click(screen.getByRole('button', { name: 'Invite' }));
  const dialog = await screen.findByRole('dialog', { name: 'Invite to Harbour crew' });
  await userEvent.click(within(dialog).getByRole('button', { name: 'Invite' }));
  expect(within(dialog).getByLabelText('E-mail')).toBeInvalid();
  await userEvent.click(within(dialog).getByLabelText('By a link to hand over'));
  await userEvent.selectOptions(within(dialog).getByLabelText('Role'), 'editor');
  await userEvent.selectOptions(within(dialog).getByLabelText('Expires after'), '30');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Make link' }));
  expect(await screen.findByLabelText('The invitation link')).toHaveValue(
    'https://roster.example/join#secret',
  );
  expect(sent).toEqual({ role: 'editor', email: null, expires_in_days: 30 });
  await userEvent.click(screen.getByRole('button', { name: 'Done' }));
  expect(screen.queryByDisplayValue(/secret/)).toBeNull();

  await userEvent.click(
    await screen.findByRole('button', {
      name: 'Revoke the invitation for whoever has the link',
    }),
  );
  await userEvent.click(
    await screen.findByRole('button', { name: 'Revoke invitation' }),
  );
  await waitFor(() => expect(table).toHaveTextContent('Revoked'));
});

const offered: InvitationDetails = {
  team: { id: 'team-1', slug: 'harbour', name: 'Harbour crew' },
  role: 'editor',
  invited_by: { id: 'u2', username: 'bea', display_name: 'Bea' },
  email: null,
  expires_at: '2036-05-01T12:00:00Z',
};

const inspected = (details: Partial<InvitationDetails> = {}) =>
  http.post(url('/invitations/inspect'), async ({ request }) => {
    expect(await request.json()).toEqual({ token: 'the-secret' });
    return HttpResponse.json({ ...offered, ...details });
  });

it('takes the secret out of the address and leads into the team', async () => {
  const team = aTeam({ role: 'editor' });
  serveTeam(team, [aMember('ada', { role: 'editor' })]);
  server.use(
    instance,
    inspected(),
    http.post(url('/invitations/accept'), () => {
      server.use(http.get(url('/users/me'), () => HttpResponse.json(memberOf(team))));
      return HttpResponse.json(team);
    }),
  );
  const router = await renderApp('/join#the-secret');
  expect(router.state.location.href).toBe('/join');
  expect(await screen.findByText('Bea invites you.')).toBeVisible();
  await userEvent.click(
    await screen.findByRole('button', { name: 'Accept invitation' }),
  );
  await waitFor(() => expect(router.state.location.pathname).toBe('/teams/harbour'));
  expect(keptInvitation()).toBeNull();
});

it('keeps the invitation while a stranger signs in', async () => {
  server.use(instance, inspected());
  localStorage.clear();
  const router = await renderApp('/join#the-secret', null);
  expect(await screen.findByRole('link', { name: 'Sign in' })).toHaveAttribute(
    'href',
    '/sign-in?next=%2Fjoin',
  );
  expect(screen.getByRole('link', { name: 'Make an account' })).toHaveAttribute(
    'href',
    '/register?next=%2Fjoin',
  );
  expect(router.state.location.href).toBe('/join');
  expect(keptInvitation()).toBe('the-secret');
});

it('offers nothing to whom the invitation gives nothing', async () => {
  server.use(instance, inspected({ email: 'somebody@example.org' }));
  await renderApp('/join#the-secret');
  expect(await screen.findByText(/come back with the account/)).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Accept invitation' })).toBeNull();
});

it('says where a member is already', async () => {
  server.use(
    instance,
    inspected({ role: 'viewer', team: { ...offered.team, ...ada.teams[0] } as never }),
  );
  await renderApp('/join#the-secret');
  expect(await screen.findByText('You are in this team already: owner.')).toBeVisible();
});

it('says the same of a used, an old and an invented link', async () => {
  server.use(
    instance,
    http.post(url('/invitations/inspect'), () => problem(404, 'not-found')),
  );
  await renderApp('/join#the-secret');
  expect(await screen.findByText('This invitation leads nowhere')).toBeVisible();
});
