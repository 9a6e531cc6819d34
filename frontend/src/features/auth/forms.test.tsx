import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it, vi } from 'vitest';
import { begin, sessionState } from '@/api/session';
import { renderUi } from '@/test/render';
import { ada, problem, server, token, url } from '@/test/server';
import { ForgotForm } from './ForgotForm';
import { RegisterForm } from './RegisterForm';
import { ResetForm } from './ResetForm';
import { SignInForm } from './SignInForm';

const none = () => {};

async function enterPassword(password = 'right') {
  await userEvent.type(screen.getByLabelText('Name or e-mail'), 'ada');
  await userEvent.type(screen.getByLabelText('Password'), password);
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
}

/** Signs in whoever sends this code after the password; returns what was sent. */
function wantCode(code: string): string[] {
  const sent: string[] = [];
  server.use(
    http.post(url('/auth/token'), async ({ request }) => {
      const body = await request.text();
      sent.push(body);
      const otp = new URLSearchParams(body).get('otp');
      if (otp === null) return problem(401, 'second-factor-required');
      return otp === code ? token('a') : problem(401, 'wrong-code');
    }),
    http.get(url('/users/me'), () => HttpResponse.json(ada)),
  );
  return sent;
}

it('says a wrong password at the field', async () => {
  server.use(http.post(url('/auth/token'), () => problem(401, 'wrong-credentials')));
  renderUi(<SignInForm onDone={none} />);
  await enterPassword('not it');
  expect(await screen.findByText('Name or password is wrong')).toBeVisible();
  expect(screen.getByLabelText('Password')).toBeInvalid();
});

it('signs in as a browser and hands on', async () => {
  let sent: string | null = null;
  server.use(
    http.post(url('/auth/token'), async ({ request }) => {
      sent = await request.text();
      return token('a');
    }),
    http.get(url('/users/me'), () => HttpResponse.json(ada)),
  );
  const done = vi.fn();
  renderUi(<SignInForm onDone={done} />);
  await enterPassword();
  await waitFor(() => expect(done).toHaveBeenCalled());
  expect(Object.fromEntries(new URLSearchParams(sent ?? ''))).toEqual({
    grant_type: 'password',
    client: 'browser',
    username: 'ada',
    password: 'right',
  });
  expect(sessionState().user?.username).toBe('ada');
});

it('asks for a code after the password and sends both', async () => {
  const sent = wantCode('123456');
  const done = vi.fn();
  renderUi(<SignInForm onDone={done} />);
  await enterPassword();
  const code = await screen.findByLabelText('Code');
  expect(code).toHaveFocus();
  expect(code).toHaveAttribute('autocomplete', 'one-time-code');

  await userEvent.type(code, '000 000');
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(await screen.findByText(/^This code is wrong or was used/)).toBeVisible();
  expect(code).toBeInvalid();

  await userEvent.clear(code);
  await userEvent.type(code, '123 456{Enter}');
  await waitFor(() => expect(done).toHaveBeenCalled());
  const last = new URLSearchParams(sent.at(-1));
  expect([last.get('password'), last.get('otp')]).toEqual(['right', '123456']);
});

it('takes a recovery code in place of the app', async () => {
  wantCode('kite-boat-wren');
  const done = vi.fn();
  renderUi(<SignInForm onDone={done} />);
  await enterPassword();
  await userEvent.click(
    await screen.findByRole('button', { name: 'Use a recovery code' }),
  );
  const code = screen.getByLabelText('Recovery code');
  expect(code).toHaveFocus();
  await userEvent.type(code, ' kite-boat-wren {Enter}');
  await waitFor(() => expect(done).toHaveBeenCalled());
});

it('goes back from the code to the password', async () => {
  wantCode('123456');
  renderUi(<SignInForm onDone={none} />);
  await enterPassword();
  await userEvent.click(await screen.findByRole('button', { name: 'Back' }));
  expect(screen.getByLabelText('Name or e-mail')).toHaveFocus();
  expect(screen.getByLabelText('Password')).toHaveValue('');
});

it('counts down when there were too many tries', async () => {
  server.use(
    http.post(url('/auth/token'), () =>
      problem(429, 'too-many-requests', {
        detail: 'Too many tries.',
        headers: { 'Retry-After': '150' },
      }),
    ),
  );
  renderUi(<SignInForm onDone={none} />);
  await enterPassword();
  expect(
    await screen.findByRole('button', { name: 'Try again in 2 min 30 s' }),
  ).toBeDisabled();
  expect(screen.getByRole('alert')).toHaveTextContent('Too many tries.');
});

it('puts what the server says about a field on the field', async () => {
  server.use(
    http.post(url('/auth/register'), () =>
      problem(422, 'invalid', {
        errors: [
          { loc: 'setup_code', message: 'This is not the code', code: 'wrong' },
          { loc: 'username', message: 'This name is taken', code: 'taken' },
        ],
      }),
    ),
  );
  renderUi(<RegisterForm needsCode submit="Make administrator" onDone={none} />);
  await userEvent.type(screen.getByLabelText('Setup code'), 'abc');
  await userEvent.type(screen.getByLabelText('Name'), 'ada');
  await userEvent.type(screen.getByLabelText('E-mail'), 'ada@example.org');
  await userEvent.type(screen.getByLabelText('Password'), 'correct horse battery');
  await userEvent.click(screen.getByRole('button', { name: 'Make administrator' }));
  expect(await screen.findByText('This name is taken')).toBeVisible();
  expect(screen.getByText('This is not the code')).toBeVisible();
});

it('sends the invitation along and waits for the mail where one is sent', async () => {
  let sent: unknown = null;
  server.use(
    http.post(url('/auth/register'), async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json(
        { username: 'bob', next: 'verify_email' },
        { status: 201 },
      );
    }),
  );
  const done = vi.fn();
  const mailed = vi.fn();
  renderUi(
    <RegisterForm invitation="inv" submit="Join" onDone={done} onMailed={mailed} />,
  );
  expect(screen.getByLabelText('Password')).toHaveAccessibleDescription(
    /^12 characters or more/,
  );
  await userEvent.type(screen.getByLabelText('Name'), 'bob');
  await userEvent.type(screen.getByLabelText('E-mail'), 'bob@example.org');
  await userEvent.type(screen.getByLabelText('Password'), 'correct horse battery');
  await userEvent.click(screen.getByRole('button', { name: 'Join' }));
  await waitFor(() => expect(mailed).toHaveBeenCalledWith('bob@example.org'));
  expect(sent).toMatchObject({ username: 'bob', invitation: 'inv' });
  expect(done).not.toHaveBeenCalled();
});

it('asks for a mail with a link', async () => {
  let sent: unknown = null;
  server.use(
    http.post(url('/auth/password-reset'), async ({ request }) => {
      sent = await request.json();
      return new HttpResponse(null, { status: 202 });
    }),
  );
  const told = vi.fn();
  renderUi(<ForgotForm onSent={told} />);
  await userEvent.click(screen.getByRole('button', { name: 'Send the mail' }));
  expect(await screen.findByText('Enter an e-mail address')).toBeVisible();
  await userEvent.type(screen.getByLabelText('E-mail'), ' ada@example.org ');
  await userEvent.click(screen.getByRole('button', { name: 'Send the mail' }));
  await waitFor(() => expect(told).toHaveBeenCalledWith('ada@example.org'));
  expect(sent).toEqual({ email: 'ada@example.org' });
});

it('sets a new password, and nobody is signed in here any more', async () => {
  let sent: unknown = null;
  server.use(
    http.get(url('/users/me'), () => HttpResponse.json(ada)),
    http.post(url('/auth/password-reset/confirm'), async ({ request }) => {
      sent = await request.json();
      return new HttpResponse(null, { status: 204 });
    }),
  );
  await begin({ access_token: 'a', token_type: 'bearer', expires_in: 900 });
  const done = vi.fn();
  renderUi(<ResetForm token="out-of-the-mail" onDone={done} />);
  expect(screen.getByLabelText('New password')).toHaveFocus();
  await userEvent.type(screen.getByLabelText('New password'), 'nine tame otters');
  await userEvent.click(screen.getByRole('button', { name: 'Set password' }));
  await waitFor(() => expect(done).toHaveBeenCalled());
  expect(sent).toEqual({ token: 'out-of-the-mail', new_password: 'nine tame otters' });
  expect(sessionState()).toMatchObject({ status: 'anonymous', left: true });
});

it('says what is wrong with a link', async () => {
  server.use(
    http.post(url('/auth/password-reset/confirm'), () =>
      problem(422, 'invalid', {
        detail: 'This link is not, or no longer, good.',
        errors: [{ loc: 'token', message: 'Not good', code: 'wrong' }],
      }),
    ),
  );
  renderUi(<ResetForm token="used" onDone={none} />);
  await userEvent.type(screen.getByLabelText('New password'), 'nine tame otters');
  await userEvent.click(screen.getByRole('button', { name: 'Set password' }));
  expect(await screen.findByRole('alert')).toHaveTextContent(
    'This link is not, or no longer, good.',
  );
});
