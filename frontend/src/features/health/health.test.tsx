import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { renderApp } from '@/features/agents/test-support';
import { problem, server, url } from '@/test/server';
import { durationOf, type HealthPart, type InstanceHealth } from './words';

const database: HealthPart = {
  name: 'database',
  status: 'ok',
  milliseconds: 0.42,
  reason: '',
};
const redis: HealthPart = {
  name: 'redis',
  status: 'degraded',
  milliseconds: 1502.3,
  reason: 'Redis does not answer: jobs start late.',
};

const aHealth = (change: Partial<InstanceHealth> = {}): InstanceHealth => ({
  status: 'ok',
  checked_at: new Date().toISOString(),
  parts: [database],
  version: '0.1.0',
  python: '3.11.7',
  environment: 'production',
  database: {
    engine: 'postgresql',
    version: '18.1',
    database_schema: '0013',
    needed_schema: '0013',
    bytes: 1536,
  },
  process: {
    started_at: '2026-01-02T03:04:05Z',
    uptime_seconds: 93_600,
    memory_bytes: 157_286_400,
    open_files: 42,
    does_jobs: false,
  },
  ...change,
});

/** Answers with how it is at the moment. */
function serve(health: InstanceHealth) {
  const state = { health };
  server.use(http.get(url('/instance/health'), () => HttpResponse.json(state.health)));
  return state;
}

it('tells each part with its reason, and what runs', async () => {
  serve(aHealth({ status: 'degraded', parts: [database, redis] }));

  await renderApp('/admin/health');

  expect(await screen.findByText('It works, with something amiss')).toBeVisible();
  const table = screen.getByRole('table', { name: 'Parts' });
  const [, first, second] = within(table).getAllByRole('row');
  expect(first).toHaveTextContent('DatabaseWellIt answers.0.4 ms');
  expect(second).toHaveTextContent(
    'RedisDegradedRedis does not answer: jobs start late.1.5 s',
  );
  expect(screen.getByText('PostgreSQL 18.1, 1.5 KiB')).toBeVisible();
  expect(screen.getByText(/up 1 d 2 h/)).toBeVisible();
  expect(screen.getByRole('link', { name: 'see the queues' })).toHaveAttribute(
    'href',
    '/admin/jobs',
  );
});

it('says which schema is missing', async () => {
  const { database: facts } = aHealth();
  serve(aHealth({ database: { ...facts, database_schema: '0012' } }));

  await renderApp('/admin/health');

  expect(await screen.findByText('0012, and this version needs 0013')).toBeVisible();
});

it('looks again when it is asked to', async () => {
  const state = serve(aHealth());
  await renderApp('/admin/health');
  expect(await screen.findByText('All is well')).toBeVisible();

  state.health = aHealth({ status: 'degraded', parts: [redis] });
  await userEvent.click(screen.getByRole('button', { name: 'Look now' }));

  expect(await screen.findByText('It works, with something amiss')).toBeVisible();
});

it('keeps what it saw when it cannot look again', async () => {
  serve(aHealth());
  await renderApp('/admin/health');
  await screen.findByText('All is well');

  server.use(http.get(url('/instance/health'), () => problem(403, 'forbidden')));
  await userEvent.click(screen.getByRole('button', { name: 'Look now' }));

  expect(await screen.findByText('Cannot look again')).toBeVisible();
  expect(screen.getByText('All is well')).toBeVisible();
});

it.each([
  [0.04, '0.0 ms'],
  [9.96, '10.0 ms'],
  [12.4, '12 ms'],
  [1502, '1.5 s'],
])('writes %d ms as %s', (milliseconds, text) => {
  expect(durationOf(milliseconds)).toBe(text);
});
