import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import type { CollectionDetail } from '@/api/types';
import { renderApp } from '@/features/agents/test-support';
import { problem, server, url } from '@/test/server';
import { aCollection, anEntry } from './test-support';

const LATER = { timeout: 10_000 };

/** A collection that answers as it is at the moment. */
function serve(collection: CollectionDetail) {
  const state = { collection };
  const one = url(`/collections/${collection.id}`);
  server.use(
    http.get(url('/collections'), ({ request }) => {
      const wanted = new URL(request.url).searchParams.get('ref');
      const found = !wanted || ['ada/kit', 'ada/old'].includes(wanted);
      return HttpResponse.json({
        items: found ? [state.collection] : [],
        next_cursor: null,
      });
    }),
    http.get(one, () => HttpResponse.json(state.collection)),
  );
  return { state, one };
}

it('says of each entry what it stands for, and what wins', async () => {
  const { state } = serve(
    aCollection(
      [
        anEntry('top', { name: 'reviewer', team: 'ada' }),
        anEntry('low', { name: 'reviewer', team: 'bea', shadowed_by: 'top' }),
        anEntry('bad', { state: 'yanked', yank_reason: 'It loops.' }),
        anEntry('lost', { state: 'hidden' }),
        anEntry('old', { deprecated: true, deprecation_message: 'Use top.' }),
        anEntry('gone', { state: 'deleted', revision: null, description: '' }),
      ],
      { permissions: { edit: false, manage: false } },
    ),
  );
  await renderApp('/collections/ada/kit');
  const list = await screen.findByRole('list', { name: 'Entries' }, LATER);
  const rows = within(list).getAllByRole('listitem');
  expect(rows).toHaveLength(state.collection.entries.length);
  const words = [
    'reviewer',
    'Shadowed by ada/reviewer above',
    'Yanked: It loops.',
    'Hidden from others',
    'Deprecated',
    'Deleted',
  ];
  for (const [place, word] of words.entries()) {
    expect(rows[place]).toHaveTextContent(word);
  }
  expect(screen.getByText(/1 entry is shadowed/)).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Add entries' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Release' })).toBeNull();
  expect(screen.queryByRole('link', { name: 'Settings' })).toBeNull();
});

it('goes to the present address from a former one, and says when there is none', async () => {
  serve(aCollection());
  const router = await renderApp('/collections/ada/old');
  await screen.findByRole('heading', { level: 1, name: 'Kit' });
  await waitFor(() =>
    expect(router.state.location.pathname).toBe('/collections/ada/kit'),
  );
  await router.navigate({ href: '/collections/ada/none' });
  expect(
    await screen.findByRole('heading', { name: 'There is no collection ada/none' }),
  ).toBeVisible();
});

it('takes an entry out at once, and puts it back where it was', async () => {
  const { state, one } = serve(aCollection([anEntry('a'), anEntry('b'), anEntry('c')]));
  const sent: string[][] = [];
  server.use(
    http.put(`${one}/entries`, async ({ request }) => {
      const { entries } = (await request.json()) as {
        entries: { component_id: string }[];
      };
      expect(request.headers.get('If-Match')).toBe(state.collection.etag);
      sent.push(entries.map(({ component_id }) => component_id));
      state.collection = aCollection(
        entries.map(({ component_id }) => anEntry(component_id)),
        { etag: `"v${sent.length + 1}"` },
      );
      return HttpResponse.json(state.collection);
    }),
  );
  await renderApp('/collections/ada/kit');
  // It comes with the code for dragging, which takes a while.
  const out = await screen.findByRole('button', { name: 'Take b out' }, LATER);
  await userEvent.click(out);
  await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
  await waitFor(() =>
    expect(sent).toEqual([
      ['a', 'c'],
      ['a', 'b', 'c'],
    ]),
  );
  expect(
    await screen.findByRole('button', { name: 'Move b, place 2 of 3' }),
  ).toBeVisible();
});

it('names what stands in the way of a release', async () => {
  const { one } = serve(aCollection([anEntry('a')]));
  server.use(
    http.post(`${one}/releases`, () =>
      problem(409, 'conflict', {
        detail: 'These entries cannot be released: agent:ada/a.',
        errors: [
          {
            loc: 'agent:ada/a',
            message: 'Revision 1 was never promoted to production.',
            code: 'not_promoted',
          },
        ],
      }),
    ),
  );
  await renderApp('/collections/ada/kit');
  await userEvent.click(await screen.findByRole('button', { name: 'Release' }));
  const dialog = await screen.findByRole('dialog', { name: 'Release ada/kit' }, LATER);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Make release' }));
  expect(await within(dialog).findByText(/was never promoted/)).toBeVisible();
});

it('does not let a release begin that cannot be made', async () => {
  serve(aCollection([anEntry('a', { state: 'unresolved', revision: null })]));
  await renderApp('/collections/ada/kit');
  await userEvent.click(await screen.findByRole('button', { name: 'Release' }));
  const dialog = await screen.findByRole('dialog', { name: 'Release ada/kit' }, LATER);
  expect(within(dialog).getByRole('alert')).toHaveTextContent('agent:ada/a unresolved');
  expect(within(dialog).getByRole('button', { name: 'Make release' })).toBeDisabled();
});
