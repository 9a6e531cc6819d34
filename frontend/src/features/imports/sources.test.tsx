import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, it } from 'vitest';
import { renderApp } from '@/features/agents/test-support';
import { problem, server, url } from '@/test/server';
import { serveImport } from './test-support';

beforeEach(() => {
  server.use(
    http.get(url('/instance'), () =>
      HttpResponse.json({
        name: 'Roster',
        samples_available: true,
        limits: { upload_bytes: 3000, import_files: 3, file_bytes: 1000 },
      }),
    ),
  );
});

const fetchIt = () => screen.getByRole('button', { name: 'Fetch and preview' });

it('splits the address of a folder, sends a token, and opens the import', async () => {
  const { read } = serveImport([]);
  let sent: unknown = null;
  server.use(
    http.post(url('/imports/repository'), async ({ request }) => {
      sent = await request.json();
      return HttpResponse.json(read(), { status: 201 });
    }),
  );
  const router = await renderApp('/imports/new');
  await userEvent.click(screen.getByRole('link', { name: 'Git repository' }));
  const address = await screen.findByLabelText(/^Repository/);
  await userEvent.click(fetchIt());
  expect(address).toHaveAccessibleDescription(/Enter the address/);
  await userEvent.type(address, 'https://forge.example/ada/tools/tree/next/agents');
  await userEvent.tab();
  expect(address).toHaveValue('https://forge.example/ada/tools');
  expect(screen.getByLabelText('Folder')).toHaveValue('agents');
  const token = screen.getByLabelText('Access token');
  expect(token).toHaveAttribute('type', 'password');
  await userEvent.type(token, 'hush');
  await userEvent.click(fetchIt());
  await waitFor(() => expect(router.state.location.pathname).toBe('/imports/i1'));
  expect(sent).toEqual({
    team: 'ada',
    url: 'https://forge.example/ada/tools',
    ref: 'next',
    folder: 'agents',
    token: 'hush',
  });
});

it('fills the form from a link, and puts refusals at their fields', async () => {
  server.use(
    http.post(url('/imports/repository'), () =>
      problem(422, 'invalid', {
        errors: [{ loc: 'url', message: 'This address is private.', code: 'private' }],
      }),
    ),
  );
  await renderApp(
    '/imports/new?source=repository&url=https%3A%2F%2Fforge.example%2Fa&ref=v2',
  );
  const address = await screen.findByLabelText(/^Repository/);
  expect(address).toHaveValue('https://forge.example/a');
  expect(screen.getByLabelText('Branch, tag or commit')).toHaveValue('v2');
  await userEvent.click(fetchIt());
  await waitFor(() =>
    expect(address).toHaveAccessibleDescription(/This address is private/),
  );
  expect(screen.queryByRole('alert')).not.toBeInTheDocument();
});

it('sends a lock file with the address of its instance', async () => {
  const { read } = serveImport([]);
  let sent: FormData | null = null;
  server.use(
    http.post(url('/imports/lock'), async ({ request }) => {
      sent = await request.formData();
      return HttpResponse.json(read(), { status: 201 });
    }),
  );
  const router = await renderApp('/imports/new?source=lock');
  expect(
    await screen.findByRole('button', { name: 'Fetch and preview' }),
  ).toBeDisabled();
  const input = document.querySelector<HTMLInputElement>('input[type=file]');
  await userEvent.upload(
    input as HTMLInputElement,
    new File(['{}'], 'roster.lock.json', { type: 'application/json' }),
  );
  await userEvent.type(
    screen.getByLabelText('Address of that Roster'),
    'https://roster.example',
  );
  await userEvent.click(fetchIt());
  await waitFor(() => expect(router.state.location.pathname).toBe('/imports/i1'));
  const form = sent as unknown as FormData;
  expect((form.get('files') as File).name).toBe('roster.lock.json');
  expect(form.get('address')).toBe('https://roster.example');
  expect(form.has('token')).toBe(false);
});
