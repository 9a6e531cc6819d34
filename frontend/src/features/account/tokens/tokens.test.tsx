import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { renderApp } from '@/features/agents/test-support';
import { ada, problem, server, url } from '@/test/server';
import { aToken, serveAccount } from '../test-support';

const click = async (name: string) =>
  userEvent.click(await screen.findByRole('button', { name }));

it('makes a token for chosen teams and shows it once', async () => {
  const state = serveAccount();
  let sent: unknown = null;
  server.use(
    http.post(url('/auth/tokens'), async ({ request }) => {
      sent = await request.json();
      const made = aToken('Build');
      state.tokens = [made];
      return HttpResponse.json({ ...made, token: 'rst_shown.once' }, { status: 201 });
    }),
  );
  await renderApp('/account/tokens');
  expect(await screen.findByText('No tokens yet')).toBeVisible();
  await click('New token');
  const dialog = await screen.findByRole('dialog', { name: 'New token' });
  await userEvent.click(within(dialog).getByLabelText('Only these teams'));
  await click('Make token');
  expect(await within(dialog).findByText('Say what the token is for')).toBeVisible();
  expect(within(dialog).getByText('Choose one at least')).toBeVisible();

  await userEvent.type(within(dialog).getByLabelText('Name'), 'Build');
  await userEvent.click(within(dialog).getByLabelText('Publish'));
  await userEvent.click(within(dialog).getByLabelText('Ada (ada)'));
  await userEvent.selectOptions(within(dialog).getByLabelText('Works for'), '30 days');
  await click('Make token');
  expect(await screen.findByText('rst_shown.once')).toBeVisible();
  expect(sent).toEqual({
    name: 'Build',
    scopes: ['read', 'publish'],
    teams: ['ada'],
    expires_in_days: 30,
  });
  await click('I have kept it');
  await waitFor(() =>
    expect(screen.queryByText('rst_shown.once')).not.toBeInTheDocument(),
  );
  expect(screen.getByRole('list', { name: 'API tokens' })).toHaveTextContent('Build');
});

it('says what the server refuses at its field', async () => {
  serveAccount();
  server.use(
    http.post(url('/auth/tokens'), () =>
      problem(422, 'invalid', {
        errors: [{ loc: 'expires_in_days', message: '30 days at most', code: 'long' }],
      }),
    ),
  );
  await renderApp('/account/tokens');
  await click('New token');
  await userEvent.type(await screen.findByLabelText('Name'), 'Build');
  await click('Make token');
  expect(await screen.findByText('30 days at most')).toBeVisible();
});

it('offers the scope of administrators to them alone', async () => {
  serveAccount();
  await renderApp('/account/tokens');
  await click('New token');
  expect(await screen.findByLabelText('Administer')).toBeVisible();
});

it('does not offer it to others', async () => {
  serveAccount();
  const rendered = renderApp('/account/tokens');
  server.use(
    http.get(url('/users/me'), () => HttpResponse.json({ ...ada, is_admin: false })),
  );
  await rendered;
  await click('New token');
  expect(await screen.findByLabelText('Publish')).toBeVisible();
  expect(screen.queryByLabelText('Administer')).not.toBeInTheDocument();
});

it('tells what each token may do, and what is over', async () => {
  serveAccount({
    tokens: [
      aToken('laptop', {
        scopes: ['read', 'write'],
        teams: [{ id: 't1', slug: 'harbour', name: 'Harbour' }],
        last_used_at: '2026-05-01T12:00:00Z',
      }),
      aToken('old', { expires_at: '2026-01-01T12:00:00Z' }),
      aToken('gone', { revoked_at: '2026-01-01T12:00:00Z' }),
    ],
  });
  await renderApp('/account/tokens');
  const list = await screen.findByRole('list', { name: 'API tokens' });
  const [laptop, old, gone] = within(list).getAllByRole('listitem');
  expect(laptop).toHaveTextContent(/write.*Only harbour.*No end.*Last used/);
  expect(old).toHaveTextContent(/All your teams.*Expired.*Never used/);
  expect(gone).toHaveTextContent(/Revoked/);
  const buttons = screen
    .getAllByRole('button')
    .map((one) => one.getAttribute('aria-label'));
  expect(buttons.filter((name) => /^(Rotate|Revoke)/.test(name ?? ''))).toEqual([
    'Rotate laptop',
    'Revoke laptop',
    'Revoke old',
  ]);
});

it('rotates and revokes by name', async () => {
  const state = serveAccount({ tokens: [aToken('laptop')] });
  server.use(
    http.post(url('/auth/tokens/id-laptop/rotate'), () =>
      HttpResponse.json({ ...aToken('laptop'), token: 'rst_another.one' }),
    ),
    http.delete(url('/auth/tokens/id-laptop'), () => {
      state.tokens = [];
      return new HttpResponse(null, { status: 204 });
    }),
  );
  await renderApp('/account/tokens');
  await click('Rotate laptop');
  await screen.findByRole('dialog', { name: 'Rotate laptop?' });
  await click('Rotate');
  expect(await screen.findByText('rst_another.one')).toBeVisible();
  await click('I have kept it');
  await click('Revoke laptop');
  await screen.findByRole('dialog', { name: 'Revoke laptop?' });
  await click('Revoke token');
  expect(await screen.findByText('No tokens yet')).toBeVisible();
});
