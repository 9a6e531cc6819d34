import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { beforeEach, expect, it } from 'vitest';
import { renderApp } from '@/features/agents/test-support';
import { problem, server, url } from '@/test/server';
import { aFile, serveImport } from './test-support';
import { uploadFiles } from './upload';

const limits = { upload_bytes: 3000, import_files: 3, file_bytes: 1000 };

beforeEach(() => {
  server.use(
    http.get(url('/instance'), () =>
      HttpResponse.json({
        name: 'Roster',
        version: '1',
        setup_required: false,
        registration: 'open',
        public_read: false,
        mail: false,
        samples_available: true,
        limits,
      }),
    ),
  );
});

const choose = async (...files: File[]) =>
  userEvent.upload(await screen.findByLabelText('Files to import'), files);
const start = () => screen.getByRole('button', { name: 'Upload and preview' });

it('lists what was taken, uploads it and opens the preview', async () => {
  const { read } = serveImport([aFile('a.md')]);
  let sent: FormData | null = null;
  server.use(
    http.post(url('/imports'), async ({ request }) => {
      sent = await request.formData();
      return HttpResponse.json(read(), { status: 201 });
    }),
  );
  const router = await renderApp('/imports/new');
  expect(await screen.findByRole('button', { name: 'Try with samples' })).toBeVisible();
  expect(start()).toBeDisabled();
  await choose(new File(['a'], 'a.md'), new File(['bc'], 'b.md'));
  expect(screen.getByRole('heading', { name: '2 files, 3 bytes' })).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Remove b.md' }));
  await userEvent.click(start());
  await waitFor(() => expect(router.state.location.pathname).toBe('/imports/i1'));
  expect((sent as FormData | null)?.get('team')).toBe('ada');
  const files = (sent as FormData | null)?.getAll('files') as File[];
  expect(files.map(({ name }) => name)).toEqual(['a.md']);
});

it('refuses too much before anything is sent', async () => {
  await renderApp('/imports/new');
  const four = ['a', 'b', 'c', 'd'].map((name) => new File(['x'], `${name}.md`));
  await choose(...four);
  expect(await screen.findByRole('alert')).toHaveTextContent('at most 3 are taken');
  expect(start()).toBeDisabled();
});

it.each([
  [413, 'too-large', 'The archives unpack to more than is taken at once.'],
  [422, 'invalid', 'The archive is broken.'],
])('says what a %i answered, and keeps the choice', async (status, code, detail) => {
  server.use(http.post(url('/imports'), () => problem(status, code, { detail })));
  await renderApp('/imports/new');
  await choose(new File(['a'], 'a.zip'));
  await userEvent.click(start());
  expect(await screen.findByText(detail)).toBeVisible();
  expect(screen.getByText('a.zip')).toBeVisible();
  expect(start()).toBeEnabled();
});

it('puts an error of the team at the team', async () => {
  server.use(
    http.post(url('/imports'), () =>
      problem(422, 'invalid', {
        errors: [{ loc: 'team', message: 'There is no such team.', code: 'unknown' }],
      }),
    ),
  );
  await renderApp('/imports/new');
  await choose(new File(['a'], 'a.md'));
  await userEvent.click(start());
  expect(await screen.findByText('There is no such team.')).toBeVisible();
  expect(screen.getByLabelText('Into the team')).toBeInvalid();
});

it('sends relative paths and tells how much has left', async () => {
  const { read } = serveImport([]);
  let names: string[] = [];
  server.use(
    http.post(url('/auth/refresh'), () =>
      HttpResponse.json({ access_token: 'a', token_type: 'bearer', expires_in: 900 }),
    ),
    http.post(url('/imports'), async ({ request }) => {
      const text = await request.text();
      names = [...text.matchAll(/filename="([^"]+)"/g)].map((match) => match[1] ?? '');
      return HttpResponse.json(read(), { status: 201 });
    }),
  );
  const parts: number[] = [];
  const made = await uploadFiles({
    team: 'ada',
    files: [{ path: 'repo/agents/a.md', file: new File(['a'], 'a.md') }],
    onProgress: (part) => parts.push(part),
    signal: new AbortController().signal,
  });
  expect(made.id).toBe('i1');
  expect(names).toEqual(['repo/agents/a.md']);
  expect(parts.at(-1)).toBe(1);
});
