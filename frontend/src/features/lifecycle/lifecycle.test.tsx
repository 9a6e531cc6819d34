import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { anAgent, renderApp, serveAgent } from '@/features/agents/test-support';
import { ada, problem, server, url } from '@/test/server';

const user = userEvent.setup({ delay: null });
const none = { items: [], next_cursor: null };

it('follows a former name to the page of the component', async () => {
  serveAgent(() => anAgent('critic'), []);
  const router = await renderApp('/agents/ada/reviewer?tab=settings');
  await screen.findByRole('heading', { level: 1, name: /critic/ });
  expect(router.state.location.pathname).toBe('/agents/ada/critic');
});

it('shows the tombstone of what was deleted to those who cannot restore it', async () => {
  const tombstone = {
    deleted_at: '2026-05-01T12:00:00Z',
    deleted_by: { id: ada.id, username: 'grace', display_name: 'Grace' },
    reason: 'Nobody used it.',
    digest: 'd'.repeat(64),
    licence: 'MIT',
  };
  server.use(
    http.get(url('/components'), () => HttpResponse.json(none)),
    http.get(url('/resolve'), () =>
      HttpResponse.json({
        state: 'tombstone',
        id: ada.id,
        reference: 'agent:ada/reviewer',
        identifier: 'roster:agent:ada/reviewer@1',
        component: null,
        revision: null,
        tombstone,
      }),
    ),
  );
  await renderApp('/agents/ada/reviewer');
  expect(await screen.findByText('Nobody used it.')).toBeVisible();
  expect(screen.getByText('MIT')).toBeVisible();
});

it('puts what stands against a name on its field', async () => {
  server.use(
    http.post(url('/components'), () =>
      problem(409, 'name-taken', { detail: 'This name is taken.' }),
    ),
  );
  await renderApp('/agents/new');
  await user.type(await screen.findByLabelText(/^Name/), 'reviewer');
  await user.click(screen.getByRole('button', { name: 'Start an agent' }));
  expect(await screen.findByText('This name is taken.')).toBeVisible();
  expect(screen.getByLabelText(/^Name/)).toBeInvalid();
});

it('asks for a licence before something becomes public', async () => {
  const sent: unknown[] = [];
  serveAgent(() => anAgent('reviewer'), []);
  server.use(
    http.patch(url('/components/:id'), async ({ request }) => {
      sent.push(await request.json());
      const errors = [
        {
          loc: 'licence',
          message: 'What is public needs one.',
          code: 'licence_required',
        },
      ];
      return problem(422, 'invalid', { errors });
    }),
  );
  await renderApp('/agents/ada/reviewer?tab=settings');
  const section = await screen.findByRole('region', { name: 'Visibility and licence' });
  const save = within(section).getByRole('button', { name: 'Save' });
  expect(save).toBeDisabled();
  await user.type(within(section).getByRole('combobox', { name: 'Licence' }), 'MIT');
  await waitFor(() => expect(save).toBeEnabled());
  await user.click(save);
  expect(await screen.findByText('What is public needs one.')).toBeVisible();
  expect(sent).toEqual([{ visibility: 'private', licence: 'MIT' }]);
});
