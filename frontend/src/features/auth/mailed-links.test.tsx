import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, RouterProvider } from '@tanstack/react-router';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it, vi } from 'vitest';
import { createQueryClient } from '@/api/query-client';
import type { Instance } from '@/api/types';
import { keepInvitation, keptInvitation } from '@/lib/invitation';
import { createAppRouter } from '@/router';
import { ada, problem, server, token, url } from '@/test/server';
import { cssVariablesResolver, theme } from '@/theme/theme';

/** The pages for those who are not signed in, at an address. */
async function renderAt(address: string, change: Partial<Instance> = {}) {
  const instance: Instance = {
    name: 'Roster',
    version: '1',
    setup_required: false,
    registration: 'open',
    public_read: false,
    token_max_days: 365,
    mail: true,
    samples_available: true,
    limits: { upload_bytes: 1, import_files: 1, file_bytes: 1 },
    ...change,
  };
  server.use(http.get(url('/instance'), () => HttpResponse.json(instance)));
  const client = createQueryClient(() => {});
  const router = createAppRouter(client);
  router.update({
    ...router.options,
    history: createMemoryHistory({ initialEntries: [address] }),
  });
  render(<RouterProvider router={router} />, {
    wrapper: ({ children }) => (
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariablesResolver}
        env="test"
      >
        <QueryClientProvider client={client}>{children}</QueryClientProvider>
      </MantineProvider>
    ),
  });
  await router.load();
  return router;
}

const title = (text: string) => screen.findByRole('heading', { level: 1, name: text });

it('takes the secret out of the address, and uses it once', async () => {
  let sent: unknown = null;
  server.use(
    http.post(url('/auth/password-reset/confirm'), async ({ request }) => {
      sent = await request.json();
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const router = await renderAt('/reset#one-time');
  await title('Choose a new password');
  expect(router.state.location.href).toBe('/reset');
  await userEvent.type(screen.getByLabelText('New password'), 'nine tame otters');
  await userEvent.click(screen.getByRole('button', { name: 'Set password' }));
  expect(await title('Your password is changed')).toHaveFocus();
  expect(sent).toMatchObject({ token: 'one-time' });

  await router.navigate({ to: '/sign-in' });
  await router.navigate({ to: '/reset' });
  await title('Open the link in the mail');
});

it('confirms an address when it is told to, not before', async () => {
  const sent: unknown[] = [];
  server.use(
    http.post(url('/auth/verify-email'), async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json({ username: 'ada' });
    }),
  );
  const router = await renderAt('/verify#proof');
  await title('Confirm your address');
  expect(router.state.location.href).toBe('/verify');
  expect(sent).toEqual([]);
  await userEvent.click(screen.getByRole('button', { name: 'Confirm address' }));
  expect(await title('Your address is confirmed')).toHaveFocus();
  expect(sent).toEqual([{ token: 'proof' }]);
  expect(screen.getByRole('link', { name: 'Sign in' })).toHaveAttribute(
    'href',
    '/sign-in',
  );
});

it('gives the same answer for every address', async () => {
  server.use(
    http.post(
      url('/auth/password-reset'),
      () => new HttpResponse(null, { status: 202 }),
    ),
  );
  await renderAt('/forgot', { mail: false });
  await title('Forgot your password?');
  await userEvent.type(screen.getByLabelText('E-mail'), 'nobody@example.org');
  await userEvent.click(screen.getByRole('button', { name: 'Send the mail' }));
  expect(await title('Look at your mail')).toHaveFocus();
  expect(screen.getByText(/If an account has the address/)).toBeVisible();
  expect(screen.getByText('outbox')).toBeVisible();
});

it('makes an account by invitation only for those who have one', async () => {
  const router = await renderAt('/register', { registration: 'invitation' });
  await title('You need an invitation');
  expect(screen.queryByLabelText('Name')).not.toBeInTheDocument();

  keepInvitation('inv');
  await router.navigate({ to: '/sign-in' });
  await title('Sign in');
  await router.navigate({ to: '/register' });
  await title('Make an account');
  server.use(
    http.post(url('/auth/register'), () =>
      HttpResponse.json({ username: 'bob', next: 'verify_email' }, { status: 201 }),
    ),
  );
  await userEvent.type(screen.getByLabelText('Name'), 'bob');
  await userEvent.type(screen.getByLabelText('E-mail'), 'bob@example.org');
  await userEvent.type(screen.getByLabelText('Password'), 'correct horse battery');
  await userEvent.click(screen.getByRole('button', { name: 'Make account' }));
  await title('Look at your mail');
  expect(screen.getByText('bob@example.org')).toBeVisible();
  await waitFor(() => expect(keptInvitation()).toBeNull());
});

async function register() {
  await userEvent.type(screen.getByLabelText('Name'), 'ada');
  await userEvent.type(screen.getByLabelText('E-mail'), 'ada@example.org');
  await userEvent.type(screen.getByLabelText('Password'), 'correct horse battery');
  await userEvent.click(screen.getByRole('button', { name: 'Make account' }));
}

it('leads on to the team that the invitation was for', async () => {
  const team = { ...ada.teams[0], id: 't2', slug: 'harbour', is_personal: false };
  server.use(
    http.post(url('/auth/register'), () =>
      HttpResponse.json({ username: 'ada', next: 'sign_in' }, { status: 201 }),
    ),
    http.post(url('/auth/token'), () => token('a')),
    http.get(url('/users/me'), () =>
      HttpResponse.json({ ...ada, teams: [...ada.teams, team] }),
    ),
  );
  keepInvitation('inv');
  const router = await renderAt('/register?next=/join');
  await title('Make an account');
  // The page there is tested where it is made.
  const push = vi.spyOn(router.history, 'push').mockReturnValue();
  await register();
  await waitFor(() => expect(push).toHaveBeenCalledWith('/teams/harbour'));
  expect(keptInvitation()).toBeNull();
});

it('goes on without an invitation that is gone', async () => {
  server.use(
    http.post(url('/auth/register'), () =>
      problem(422, 'invalid', {
        errors: [
          {
            loc: 'invitation',
            message: 'It was used before.',
            code: 'invitation_gone',
          },
        ],
      }),
    ),
  );
  keepInvitation('inv');
  await renderAt('/register');
  await title('Make an account');
  expect(screen.getByText('to accept your invitation')).toBeVisible();
  await register();
  expect(await screen.findByRole('alert')).toHaveTextContent('It was used before.');
  expect(screen.getByText('on Roster')).toBeVisible();
  expect(keptInvitation()).toBeNull();
});
