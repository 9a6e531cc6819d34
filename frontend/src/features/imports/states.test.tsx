import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { renderApp } from '@/features/agents/test-support';
import { aJob as aWholeJob, saying } from '@/features/jobs/test-support';
import type { JobPublic } from '@/features/jobs/types';
import { server, url } from '@/test/server';
import { aFile, aJob, anImport, serveImport } from './test-support';

const title = () => screen.findByRole('heading', { level: 1 });

/** The job of the import; what happens to it is pushed into its stream. */
function serveJob(change: Partial<JobPublic> = {}) {
  const state = { job: aWholeJob({ id: 'j1', done: 120, total: 300, ...change }) };
  let push = (_text: string) => {};
  server.use(
    http.get(url('/jobs/j1'), () => HttpResponse.json(state.job)),
    http.get(url('/jobs/j1/log'), () =>
      HttpResponse.json({ items: [], next_cursor: null }),
    ),
    http.get(url('/jobs/j1/events'), () => {
      const bytes = new TextEncoder();
      const stream = new ReadableStream({
        start: (control) => {
          push = (text) => control.enqueue(bytes.encode(text));
          // As the server does: first how it is now.
          push(saying('job', state.job, 'now'));
        },
      });
      return new HttpResponse(stream, {
        headers: { 'Content-Type': 'text/event-stream' },
      });
    }),
  );
  const tell = (event: string, more: Partial<JobPublic>) => {
    state.job = { ...state.job, ...more };
    push(saying(event, state.job, String(state.job.done)));
  };
  return { state, tell };
}

it('tells how far reading is, and turns into the preview when it is done', async () => {
  const { state } = serveImport([aFile('a.md')], { state: 'reading', job: aJob() });
  const { tell } = serveJob();
  await renderApp('/imports/i1');
  expect(await title()).toHaveTextContent('Reading the files');
  const bar = await screen.findByRole('progressbar', { name: 'Reading the files' });
  expect(bar).toHaveAttribute('aria-valuenow', '40');
  tell('job', { done: 150 });
  await waitFor(() => expect(bar).toHaveAttribute('aria-valuenow', '50'));
  state.change = { state: 'preview', job: aJob({ state: 'succeeded' }) };
  tell('end', { state: 'succeeded', done: 300, finished_at: '2026-05-01T12:00:00Z' });
  await waitFor(async () =>
    expect(await title()).toHaveTextContent('This agent passes a strict loader'),
  );
  await waitFor(async () => expect(await title()).toHaveFocus());
});

it('stops reading, says so, and reads again', async () => {
  const { state } = serveImport([], { state: 'reading', job: aJob() });
  const { state: job } = serveJob();
  server.use(
    http.post(url('/jobs/j1/cancel'), () => {
      job.job = { ...job.job, state: 'cancelled', can_cancel: false, can_retry: true };
      state.change = {
        state: 'failed',
        error: 'Ada stopped it.',
        job: aJob({ state: 'cancelled' }),
      };
      return HttpResponse.json(job.job);
    }),
    http.post(url('/jobs/j1/retry'), () => {
      job.job = { ...job.job, state: 'queued', can_cancel: true };
      state.change = { state: 'reading', job: aJob({ state: 'queued', done: 0 }) };
      return HttpResponse.json(job.job, { status: 201 });
    }),
  );
  await renderApp('/imports/i1');
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  expect(await screen.findByText('Ada stopped it.')).toBeVisible();
  expect(await title()).toHaveTextContent('This import was stopped');
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  await waitFor(async () => expect(await title()).toHaveTextContent('Reading'));
});

it('says where it looked when nothing was found', async () => {
  const aside = aFile('notes/plan.md', { outcome: 'left_aside', kind: 'document' });
  serveImport([aside], {
    state: 'failed',
    error: 'Nothing found here, looked in .claude/agents, skills.',
    looked_in: ['.claude/agents', 'skills'],
    source: 'repository',
    origin: 'https://forge.example/ada/tools',
    commit: '0123456789abcdef',
    job: aJob({ state: 'failed' }),
  });
  serveJob({ state: 'failed', can_retry: true });
  await renderApp('/imports/i1');
  expect(await title()).toHaveTextContent('Nothing found here');
  const places = within(screen.getByRole('list', { name: 'Where it looked' }));
  expect(places.getByText('.claude/agents')).toBeVisible();
  expect(screen.getByText('forge.example/ada/tools@0123456789')).toBeVisible();
  expect(await screen.findByText('notes/plan.md')).toBeVisible();
});

it('lists what runs with its progress, and what failed with its reason', async () => {
  const asked: string[] = [];
  const imports = [
    anImport([], { id: 'i1', state: 'reading', job: aJob() }),
    anImport([], {
      id: 'i2',
      state: 'failed',
      error: 'The address needs a token.',
      source: 'repository',
      origin: 'https://forge.example/ada/tools',
      job: aJob({ id: 'j1', state: 'failed' }),
    }),
  ];
  let retried = 0;
  server.use(
    http.get(url('/imports'), ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ items: imports, next_cursor: null });
    }),
    http.post(url('/jobs/j1/retry'), () => {
      retried++;
      return HttpResponse.json(aWholeJob({ id: 'j2' }), { status: 201 });
    }),
  );
  const router = await renderApp('/imports?team=ada');
  expect(await screen.findByRole('progressbar')).toHaveAttribute('aria-valuenow', '40');
  expect(
    screen.getByRole('link', { name: 'The address needs a token.' }),
  ).toHaveAttribute('href', '/imports/i2');
  await userEvent.click(screen.getByRole('button', { name: /^Try again/ }));
  await waitFor(() => expect(retried).toBe(1));
  await userEvent.selectOptions(screen.getByLabelText('State'), 'failed');
  await waitFor(() =>
    expect(router.state.location.search).toEqual({ team: 'ada', state: 'failed' }),
  );
  await waitFor(() => expect(asked.at(-1)).toContain('team=ada&state=failed'));
});
