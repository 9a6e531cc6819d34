import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import type { UserMe } from '@/api/types';
import { renderApp } from '@/features/agents/test-support';
import { ada, problem, server, url } from '@/test/server';

async function renderProfile(change: Partial<UserMe> = {}) {
  const rendered = renderApp('/account');
  server.use(
    http.get(url('/users/me'), () => HttpResponse.json({ ...ada, ...change })),
  );
  await rendered;
  await screen.findByRole('heading', { level: 1, name: 'Account' });
}

it('keeps a new address until it is proved', async () => {
  let sent: unknown = null;
  server.use(
    http.patch(url('/users/me'), async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json({ ...ada, pending_email: 'new@example.org' });
    }),
  );
  await renderProfile({ email_verified: true, pending_email: null });
  expect(screen.getByText('Verified')).toBeVisible();
  expect(
    screen.queryByRole('button', { name: 'Send the link' }),
  ).not.toBeInTheDocument();
  const address = screen.getByLabelText('Address');
  await userEvent.clear(address);
  await userEvent.type(address, 'new@example.org');
  await userEvent.click(screen.getByRole('button', { name: 'Save address' }));
  expect(await screen.findByText('Enter your password')).toBeVisible();
  expect(sent).toBeNull();
  await userEvent.type(screen.getByLabelText('Current password'), 'nine tame otters');
  await userEvent.click(screen.getByRole('button', { name: 'Save address' }));
  expect(await screen.findByText(/Waits for its link to be opened/)).toBeVisible();
  expect(sent).toEqual({
    email: 'new@example.org',
    current_password: 'nine tame otters',
  });
});

it('sends the mail again, and says when that is too often', async () => {
  let often = false;
  server.use(
    http.post(url('/auth/verify-email/resend'), () =>
      often
        ? problem(429, 'too-many-requests', { headers: { 'Retry-After': '40' } })
        : new HttpResponse(null, { status: 204 }),
    ),
  );
  await renderProfile({ email_verified: false, pending_email: null });
  await userEvent.click(screen.getByRole('button', { name: 'Send the link' }));
  expect(await screen.findByText('The mail is on its way.')).toBeVisible();
  often = true;
  await userEvent.click(screen.getByRole('button', { name: 'Send the link' }));
  expect(
    await screen.findByRole('button', { name: 'Send the link in 40 s' }),
  ).toBeDisabled();
});

it('saves the name alone', async () => {
  let sent: unknown = null;
  server.use(
    http.patch(url('/users/me'), async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json({ ...ada, display_name: 'Ada L' });
    }),
  );
  await renderProfile();
  const name = screen.getByLabelText('Display name');
  await userEvent.type(name, ' L');
  await userEvent.click(screen.getByRole('button', { name: 'Save name' }));
  expect(await screen.findByText('Name saved')).toBeVisible();
  expect(sent).toEqual({ display_name: 'Ada L' });
});
