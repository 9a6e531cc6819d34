import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { aRevision, renderApp } from '@/features/agents/test-support';
import { problem, server, url } from '@/test/server';
import { aConflict, aMerge, anUpstream, serveUpstream } from './test-support';

const user = userEvent.setup({ delay: null });
const PAGE = '/agents/ada/tide-clerk?tab=upstream';

/** What was sent as an update; each is answered by the next of the answers. */
function listen(path: string, ...answers: (() => Response)[]) {
  const sent: Record<string, unknown>[] = [];
  server.use(
    http.post(url(`${path}/update`), async ({ request }) => {
      sent.push((await request.json()) as Record<string, unknown>);
      return (answers[sent.length - 1] ?? (() => new HttpResponse(null)))();
    }),
  );
  return sent;
}

it('takes an update that nothing stands against as the server merged it', async () => {
  const { path, state } = serveUpstream(anUpstream(), () => aMerge());
  const sent = listen(path, () => {
    state.upstream = anUpstream({ state: 'current', update: null });
    return HttpResponse.json(aRevision(2), { status: 201 });
  });
  const router = await renderApp(PAGE);
  const update = await screen.findByRole('region', { name: 'The update' });
  expect(screen.getByRole('heading', { name: 'Update available' })).toBeVisible();
  await user.type(within(update).getByLabelText('Message'), 'Later, as they say');
  await user.click(screen.getByRole('button', { name: 'Update to revision 2' }));
  expect(await screen.findByText(/Updated tide-clerk: revision 2/)).toBeVisible();
  expect(sent).toEqual([
    {
      latest_digest: 'a'.repeat(64),
      update_digest: 'e'.repeat(64),
      theirs: [],
      message: 'Later, as they say',
    },
  ]);
  expect(router.state.location.search).toEqual({});
});

it('asks about what both changed, and keeps what was merged when it is too late', async () => {
  let merge = aConflict();
  const { path } = serveUpstream(anUpstream({ has_local_changes: true }), () => merge);
  const sent = listen(path, () => {
    merge = { ...merge, latest_digest: 'c'.repeat(64), latest_number: 3 };
    return problem(409, 'conflict', { detail: 'Somebody published again.' });
  });
  await renderApp(PAGE);
  await user.click(await screen.findByRole('button', { name: 'Merge both' }));
  const place = screen.getByRole('radiogroup', { name: 'Place 1' });
  await user.click(within(place).getByText('Both'));
  const file = screen.getByRole('radiogroup', { name: 'Which notes/log.md' });
  await user.click(within(file).getByText('Theirs'));
  await user.click(screen.getByText('Go on with this text'));
  const others = screen.getByRole('region', { name: 'Other files' });
  expect(within(others).getByText('notes/new.md')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Update to revision 3' }));
  expect(await screen.findByText('Somebody published again.')).toBeVisible();
  expect(sent).toEqual([
    {
      latest_digest: 'a'.repeat(64),
      update_digest: 'e'.repeat(64),
      content: 'One.\nTwo, here.\nTwo, later.\n',
      theirs: ['notes/log.md'],
      message: '',
    },
  ]);
  await user.click(screen.getByText('Look at it again'));
  expect(await screen.findByText('Copy what you merged')).toBeVisible();
  expect(screen.getByText('Two versions of one text')).toBeVisible();
});

it('says why an update cannot be taken', async () => {
  const objection =
    'It has a secret written out: import it, and say what is to be done.';
  serveUpstream(anUpstream(), () => aMerge({ objection }));
  await renderApp(PAGE);
  expect(await screen.findByText(objection)).toBeVisible();
  expect(screen.queryByRole('button', { name: /^Update to/ })).toBeNull();
});

it('pins with a way back, and lays the update aside', async () => {
  const { state } = serveUpstream(anUpstream(), () => aMerge());
  await renderApp(PAGE);
  await user.click(await screen.findByRole('button', { name: 'Pin' }));
  expect(await screen.findByText('Pinned tide-clerk')).toBeVisible();
  expect(screen.getByRole('heading', { name: 'Pinned' })).toBeVisible();
  expect(screen.queryByRole('region', { name: 'The update' })).toBeNull();
  await user.click(screen.getByRole('button', { name: 'See the update' }));
  expect(await screen.findByRole('region', { name: 'The update' })).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Undo' }));
  await waitFor(() => expect(state.upstream?.is_pinned).toBe(false));
  expect(
    await screen.findByRole('heading', { name: 'Update available' }),
  ).toBeVisible();
});

it('detaches after asking, and has no upstream then', async () => {
  const { state } = serveUpstream(
    anUpstream({ state: 'current', update: null }),
    aMerge,
  );
  const router = await renderApp(PAGE);
  await user.click(await screen.findByRole('button', { name: 'Detach' }));
  const question = await screen.findByRole('dialog', {
    name: 'Detach tide-clerk from its upstream?',
  });
  await user.click(within(question).getByRole('button', { name: 'Detach' }));
  expect(
    await screen.findByText('Detached tide-clerk from its upstream'),
  ).toBeVisible();
  expect(state.upstream).toBeNull();
  expect(router.state.location.search).toEqual({});
  expect(screen.queryByRole('link', { name: 'Upstream' })).toBeNull();
});

it('says of what this person may not know no more than that there is none', async () => {
  const { state } = serveUpstream(anUpstream(), () => aMerge());
  state.upstream = null;
  await renderApp(PAGE);
  expect(await screen.findByText('No upstream')).toBeVisible();
});
