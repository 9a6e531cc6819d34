import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { renderApp } from '@/features/agents/test-support';
import { problem, server, url } from '@/test/server';
import { aSession, serveAccount } from '../test-support';

const done = () => new HttpResponse(null, { status: 204 });
const button = (name: string) => screen.findByRole('button', { name });
const codes = ['kite-boat', 'wren-oar'];

it('says at its field that the current password is another', async () => {
  serveAccount();
  server.use(
    http.post(url('/auth/password'), () =>
      problem(422, 'invalid', {
        errors: [{ loc: 'current_password', message: 'It is another', code: 'wrong' }],
      }),
    ),
  );
  await renderApp('/account/security');
  await userEvent.type(await screen.findByLabelText('Current password'), 'no');
  await userEvent.type(screen.getByLabelText('New password'), 'short');
  await userEvent.click(screen.getByRole('button', { name: 'Change password' }));
  expect(await screen.findByText('Use 12 characters or more')).toBeVisible();
  await userEvent.type(screen.getByLabelText('New password'), ' no more');
  await userEvent.click(screen.getByRole('button', { name: 'Change password' }));
  expect(await screen.findByText('It is another')).toBeVisible();
});

it('revokes a session after asking, and offers it for no session of its own', async () => {
  const state = serveAccount({
    sessions: [
      aSession('s1', { current: true, device: 'Chrome on macOS' }),
      aSession('s2'),
    ],
  });
  server.use(
    http.delete(url('/auth/sessions/s2'), () => {
      state.sessions = state.sessions.filter(({ id }) => id !== 's2');
      return done();
    }),
  );
  await renderApp('/account/security');
  const list = await screen.findByRole('list', { name: 'Sessions' });
  expect(within(list).getByText('This one')).toBeVisible();
  expect(
    screen.queryByRole('button', { name: 'Revoke Chrome on macOS' }),
  ).not.toBeInTheDocument();
  await userEvent.click(await button('Revoke Firefox on Linux'));
  await screen.findByRole('dialog', { name: 'Revoke Firefox on Linux?' });
  await userEvent.click(await button('Revoke'));
  await waitFor(() => expect(within(list).getAllByRole('listitem')).toHaveLength(1));
  expect(
    screen.queryByRole('button', { name: 'Sign out everywhere else' }),
  ).not.toBeInTheDocument();
});

it('signs out everywhere else, and stays here', async () => {
  const state = serveAccount({
    sessions: [aSession('s1', { current: true }), aSession('s2')],
  });
  let kept: string | null = null;
  server.use(
    http.post(url('/auth/logout-all'), ({ request }) => {
      kept = new URL(request.url).searchParams.get('keep_current');
      state.sessions = state.sessions.filter(({ current }) => current);
      return done();
    }),
  );
  await renderApp('/account/security');
  await userEvent.click(await button('Sign out everywhere else'));
  await userEvent.click(await button('Sign out'));
  await waitFor(() => expect(screen.getAllByRole('listitem')).toHaveLength(1));
  expect(kept).toBe('true');
});

it('sets up a second factor and shows the recovery codes once', async () => {
  const state = serveAccount();
  const sent: unknown[] = [];
  server.use(
    http.post(url('/auth/factors/totp'), async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({
        secret: 'JBSWY3DPEHPK3PXP',
        uri: 'otpauth://totp/ada',
        qr_svg: '<svg xmlns="http://www.w3.org/2000/svg"/>',
      });
    }),
    http.post(url('/auth/factors/totp/confirm'), async ({ request }) => {
      sent.push(await request.json());
      state.factors = {
        totp_confirmed_at: '2026-05-01T12:00:00Z',
        recovery_codes_left: 2,
      };
      return HttpResponse.json({ recovery_codes: codes });
    }),
  );
  await renderApp('/account/security');
  await userEvent.click(await button('Set up'));
  const dialog = await screen.findByRole('dialog', { name: 'Set up a second factor' });
  await userEvent.type(within(dialog).getByLabelText('Password'), 'right{Enter}');
  expect(await screen.findByText('JBSW Y3DP EHPK 3PXP')).toBeVisible();
  expect(screen.getByRole('img', { name: 'QR code of the key below' })).toBeVisible();
  await userEvent.type(screen.getByLabelText('Code'), '123 456{Enter}');
  const list = await screen.findByRole('list', { name: 'Recovery codes' });
  expect(
    within(list)
      .getAllByRole('listitem')
      .map((li) => li.textContent),
  ).toEqual(codes);
  expect(sent).toEqual([{ password: 'right' }, { code: '123456' }]);
  // A slip must not close what is shown once.
  await userEvent.keyboard('{Escape}');
  expect(list).toBeVisible();
  await userEvent.click(await button('I have kept them'));
  await waitFor(() => expect(list).not.toBeInTheDocument());
  expect(screen.getByText(/2 recovery codes are left/)).toBeVisible();
});

it('turns the second factor off with the password', async () => {
  const state = serveAccount({
    factors: { totp_confirmed_at: '2026-05-01T12:00:00Z', recovery_codes_left: 10 },
  });
  server.use(
    http.post(url('/auth/factors/totp/remove'), async ({ request }) => {
      const { password } = (await request.json()) as { password: string };
      if (password !== 'right') {
        return problem(422, 'invalid', {
          errors: [{ loc: 'password', message: 'This is not it', code: 'wrong' }],
        });
      }
      state.factors = { totp_confirmed_at: null, recovery_codes_left: 0 };
      return done();
    }),
  );
  await renderApp('/account/security');
  await userEvent.click(await button('Turn off'));
  const dialog = await screen.findByRole('dialog', {
    name: 'Turn off the second factor?',
  });
  const password = within(dialog).getByLabelText('Password');
  await userEvent.type(password, 'wrong{Enter}');
  expect(await within(dialog).findByText('This is not it')).toBeVisible();
  await userEvent.clear(password);
  await userEvent.type(password, 'right{Enter}');
  expect(await button('Set up')).toBeVisible();
});

it('shows an error where the data would be, and tries again', async () => {
  serveAccount();
  let broken = true;
  server.use(
    http.get(url('/auth/factors'), () =>
      broken
        ? problem(500, 'internal')
        : HttpResponse.json({ totp_confirmed_at: null, recovery_codes_left: 0 }),
    ),
  );
  await renderApp('/account/security');
  const alert = await screen.findByRole('alert');
  broken = false;
  await userEvent.click(within(alert).getByRole('button', { name: 'Try again' }));
  expect(await button('Set up')).toBeVisible();
});
