import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { renderApp } from '@/features/agents/test-support';
import { server, url } from '@/test/server';
import { aFile, serveImport } from './test-support';

const list = (items: () => unknown[]) =>
  http.get(url('/imports'), () =>
    HttpResponse.json({ items: items(), next_cursor: null }),
  );

it('says what the place is for when it is empty', async () => {
  server.use(list(() => []));
  await renderApp('/imports');
  expect(await screen.findByText('Nothing imported yet')).toBeVisible();
  expect(screen.getByRole('link', { name: 'Import files' })).toHaveAttribute(
    'href',
    '/imports/new',
  );
});

it('discards after asking', async () => {
  const { state, read } = serveImport([aFile('a.md')]);
  server.use(
    list(() => [read()]),
    http.delete(url('/imports/i1'), () => {
      state.change = { state: 'discarded' };
      return new HttpResponse(null, { status: 204 });
    }),
  );
  await renderApp('/imports');
  expect(
    await screen.findByRole('link', { name: /This agent passes a strict loader/ }),
  ).toHaveAttribute('href', '/imports/i1');
  await userEvent.click(
    screen.getByRole('button', { name: 'Discard the import of 1 agent' }),
  );
  expect(
    await screen.findByRole('dialog', { name: 'Discard this import of 1 agent?' }),
  ).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Discard import' }));
  await waitFor(() =>
    expect(screen.getByText('Discarded', { selector: 'li span' })).toBeVisible(),
  );
});
