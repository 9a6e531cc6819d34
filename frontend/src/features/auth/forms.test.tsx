import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { sessionState } from '@/api/session';
import { renderUi } from '@/test/render';
import { ada, problem, server, token, url } from '@/test/server';
import { RegisterForm } from './RegisterForm';
import { SignInForm } from './SignInForm';

it('says a wrong password at the field', async () => {
  server.use(http.post(url('/auth/token'), () => problem(401, 'wrong-credentials')));
  renderUi(<SignInForm onDone={() => {}} />);
  await userEvent.type(screen.getByLabelText('Name or e-mail'), 'ada');
  await userEvent.type(screen.getByLabelText('Password'), 'not it');
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
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
  const done = new Promise<void>((resolve) => {
    renderUi(<SignInForm onDone={resolve} />);
  });
  await userEvent.type(screen.getByLabelText('Name or e-mail'), 'ada');
  await userEvent.type(screen.getByLabelText('Password'), 'right');
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  await done;
  expect(sent).toBe('grant_type=password&username=ada&password=right&client=browser');
  expect(sessionState().user?.username).toBe('ada');
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
  renderUi(<RegisterForm needsCode submit="Make administrator" onDone={() => {}} />);
  await userEvent.type(screen.getByLabelText('Setup code'), 'abc');
  await userEvent.type(screen.getByLabelText('Name'), 'ada');
  await userEvent.type(screen.getByLabelText('E-mail'), 'ada@example.org');
  await userEvent.type(screen.getByLabelText('Password'), 'correct horse battery');
  await userEvent.click(screen.getByRole('button', { name: 'Make administrator' }));
  expect(await screen.findByText('This name is taken')).toBeVisible();
  expect(screen.getByText('This is not the code')).toBeVisible();
});
