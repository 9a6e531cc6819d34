import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { forget } from '@/api/session';
import { renderApp } from '@/features/agents/test-support';
import { ada, problem, server, url } from '@/test/server';
import type { DeviceRequest } from './api';

const CODE = 'WDJB-MJHT';
const PAGE = `/auth/device/${CODE}`;

function aDevice(change: Partial<DeviceRequest> = {}): DeviceRequest {
  return {
    user_code: CODE,
    client_name: 'roster on quay',
    device: 'roster',
    address: '192.0.2.7',
    is_your_address: false,
    created_at: '2026-05-01T12:00:00Z',
    expires_at: '2026-05-01T12:15:00Z',
    scopes: ['read', 'write'],
    grantable: ['read', 'write'],
    ...change,
  };
}

/** A device that asks; gives what was decided about it. */
function serveDevice(change: Partial<DeviceRequest> = {}): unknown[] {
  const decided: unknown[] = [];
  server.use(
    http.get(url('/instance'), () =>
      HttpResponse.json({
        registration: 'open',
        setup_required: false,
        token_max_days: 365,
      }),
    ),
    http.get(url(PAGE), () => HttpResponse.json(aDevice(change))),
    http.post(url(`${PAGE}/approval`), async ({ request }) => {
      decided.push(await request.json());
      return new HttpResponse(null, { status: 204 });
    }),
    http.post(url(`${PAGE}/denial`), () => {
      decided.push('denied');
      return new HttpResponse(null, { status: 204 });
    }),
  );
  return decided;
}

const title = (name: string) => screen.findByRole('heading', { level: 1, name });
const click = async (name: string) =>
  userEvent.click(await screen.findByRole('button', { name }));

it('asks who is not signed in to sign in, and comes back with the code', async () => {
  serveDevice();
  const router = await renderApp('/device?code=wdjbmjht', null);
  await title('Sign in');
  expect(router.state.location.search).toEqual({ next: '/device?code=WDJB-MJHT' });
});

it('takes a code by hand and says who asks', async () => {
  const decided = serveDevice();
  const router = await renderApp('/device');
  await title('Sign a device in');
  const field = screen.getByLabelText('Code');
  expect(field).toHaveFocus();
  await userEvent.type(field, 'wdj');
  await click('Continue');
  expect(await screen.findByText('Enter all eight letters')).toBeVisible();
  await userEvent.type(field, 'b mjht{Enter}');

  expect(await title('Let this device act for you?')).toHaveFocus();
  expect(router.state.location.search).toEqual({ code: CODE });
  expect(screen.getByRole('alert')).toHaveTextContent(
    /Only continue if you started this yourself.*WDJB-MJHT/,
  );
  for (const fact of ['roster on quay', /192\.0\.2\.7, another address/, 'Ada']) {
    expect(screen.getByText(fact)).toBeVisible();
  }
  await click('Allow');
  expect(await title('The device is signed in')).toHaveFocus();
  expect(screen.getByText(/You can close this page/)).toBeVisible();
  expect(decided).toEqual([
    { scopes: ['read', 'write'], teams: null, expires_in_days: 90 },
  ]);
});

it('gives less than was asked for', async () => {
  const decided = serveDevice({ is_your_address: true });
  await renderApp(`/device?code=${CODE}`);
  expect(await screen.findByText(/192\.0\.2\.7, as you do/)).toBeVisible();
  await userEvent.click(screen.getByLabelText('Read'));
  await userEvent.click(screen.getByLabelText('Write'));
  await userEvent.click(screen.getByLabelText('Only these teams'));
  await click('Allow');
  expect(await screen.findByText('Choose one at least, or refuse')).toBeVisible();
  expect(screen.getByText('Choose one at least')).toBeVisible();
  await userEvent.click(screen.getByLabelText('Read'));
  await userEvent.click(screen.getByLabelText('Ada (ada)'));
  await userEvent.selectOptions(screen.getByLabelText('Works for'), '7 days');
  await click('Allow');
  await title('The device is signed in');
  expect(decided).toEqual([{ scopes: ['read'], teams: ['ada'], expires_in_days: 7 }]);
});

it('offers nothing that the person may not give', async () => {
  serveDevice({ scopes: ['read', 'admin'], grantable: ['read'] });
  await renderApp(`/device?code=${CODE}`, { ...ada, is_admin: false });
  expect(await screen.findByLabelText('Administer')).toBeDisabled();
  expect(screen.getByLabelText('Administer')).not.toBeChecked();
  expect(screen.getByText('You may not do this yourself.')).toBeVisible();
});

it('refuses', async () => {
  const decided = serveDevice({ address: '' });
  await renderApp(`/device?code=${CODE}`);
  expect(await screen.findByText('this machine')).toBeVisible();
  await click('Refuse');
  await title('The device was refused');
  expect(screen.getByText(/gets nothing/)).toBeVisible();
  expect(decided).toEqual(['denied']);
});

it('says an unknown code at the field, until another one is typed', async () => {
  serveDevice();
  server.use(http.get(url('/auth/device/BCDF-GHJK'), () => problem(404, 'not-found')));
  await renderApp('/device?code=BCDFGHJK');
  const field = await screen.findByLabelText('Code');
  expect(field).toHaveValue('BCDF-GHJK');
  expect(field).toHaveAccessibleDescription(/No device shows this code/);
  // Perhaps it was only too early.
  await click('Continue');
  await waitFor(() => expect(field).toBeEnabled());
  await userEvent.clear(field);
  expect(field).not.toHaveAccessibleDescription(/No device shows this code/);
  await userEvent.type(field, `${CODE}{Enter}`);
  await title('Let this device act for you?');
});

it.each([
  ['code-expired', 409],
  ['code-used', 409],
  ['too-many-requests', 429],
])('says %s in a sentence', async (code, status) => {
  serveDevice();
  const headers = status === 429 ? { 'Retry-After': '30' } : {};
  server.use(
    http.get(url(PAGE), () => problem(status, code, { detail: 'It is so.', headers })),
  );
  await renderApp(`/device?code=${CODE}`);
  expect(await screen.findByRole('alert')).toHaveTextContent('It is so.');
  const name = status === 429 ? /Try again in/ : 'Continue';
  expect(screen.getByRole('button', { name })).toBeVisible();
});

it('leads to another code when this one was used meanwhile', async () => {
  serveDevice();
  server.use(
    http.post(url(`${PAGE}/denial`), () =>
      problem(409, 'code-used', { detail: 'This code was used already.' }),
    ),
  );
  const router = await renderApp(`/device?code=${CODE}`);
  await click('Refuse');
  expect(await screen.findByText('This code was used already.')).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Allow' })).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole('link', { name: 'Enter another code' }));
  expect(await screen.findByLabelText('Code')).toHaveValue('');
  expect(router.state.location.search).toEqual({});
});

it('says what the server refuses, at its field or above the buttons', async () => {
  serveDevice();
  const refusals = [
    problem(422, 'invalid', {
      errors: [{ loc: 'expires_in_days', message: '30 days at most', code: 'long' }],
    }),
    problem(403, 'forbidden', { detail: 'Not from there.' }),
  ];
  server.use(
    http.post(url(`${PAGE}/approval`), () => refusals.shift() ?? problem(500, 'no')),
  );
  await renderApp(`/device?code=${CODE}`);
  await click('Allow');
  expect(await screen.findByText('30 days at most')).toBeVisible();
  await click('Allow');
  expect(await screen.findByText('Not from there.')).toBeVisible();
});

it('asks to sign in again when the session ends under the page', async () => {
  serveDevice();
  await renderApp(`/device?code=${CODE}`);
  await title('Let this device act for you?');
  forget();
  await title('Sign in');
});
