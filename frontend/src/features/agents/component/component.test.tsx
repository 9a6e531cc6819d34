import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { problem, server, url } from '@/test/server';
import { anAgent, aRevision, latest, renderApp, serveAgent } from '../test-support';

const revisions = [1, 2, 3].map((number) => aRevision(number));

it('shows the examples of the description as a conversation', async () => {
  const description =
    'Reviews.\n\nExamples:\n<example>\nuser: "Look at this"\nassistant: "Let me call reviewer"\n</example>';
  const latest = aRevision(3, {
    manifest: { name: 'reviewer', description, audience: ['all'], strict: true },
    examples: [
      {
        context: 'A change is ready.',
        user: 'Look at this',
        assistant: 'Let me call reviewer',
        commentary: 'It is a review.',
      },
    ],
  });
  serveAgent(() => anAgent('reviewer'), [latest]);
  await renderApp('/agents/ada/reviewer');
  const prose = await screen.findByRole('region', { name: 'When to call it' });
  expect(prose).toHaveTextContent(/^When to call itReviews\.$/);
  const talk = screen.getByRole('region', { name: 'Examples 1' });
  expect(talk).toHaveTextContent('A change is ready.');
  expect(talk).toHaveTextContent('UserLook at this');
  expect(talk).toHaveTextContent('AssistantLet me call reviewer');
  expect(talk).toHaveTextContent('Why: It is a review.');
  const facts = screen.getByRole('region', { name: 'Front matter' });
  expect(facts).toHaveTextContent('audienceall');
  expect(facts).toHaveTextContent('stricttrue');
});

it('compares two revisions that are chosen, the older one first', async () => {
  serveAgent(() => anAgent('reviewer'), revisions);
  server.use(
    http.get(url('/components/:id/revisions/:n/diff'), ({ params, request }) =>
      HttpResponse.json({
        from: {
          number: Number(new URL(request.url).searchParams.get('against')),
          digest: 'a',
        },
        to: { number: Number(params.n), digest: 'b' },
        identical: false,
        files: [
          {
            path: 'AGENT.md',
            status: 'changed',
            additions: 4,
            deletions: 2,
            unified: '',
          },
        ],
        manifest: [{ key: 'model', old: null, new: 'opus' }],
      }),
    ),
  );
  const router = await renderApp('/agents/ada/reviewer?tab=revisions');
  await userEvent.click(
    await screen.findByRole('checkbox', { name: 'Compare revision 3' }),
  );
  expect(screen.getByText(/^Revision 3 chosen/)).toBeVisible();
  await userEvent.click(screen.getByRole('checkbox', { name: 'Compare revision 1' }));
  await waitFor(() =>
    expect(router.state.location.search).toEqual({ tab: 'revisions', from: 1, to: 3 }),
  );
  const comparison = await screen.findByRole('region', { name: 'Comparison' });
  await within(comparison).findByText('opus');
  expect(comparison).toHaveTextContent('+4−2lines');
  expect(comparison).toHaveTextContent('modelnot thereopus');
  await userEvent.click(within(comparison).getByLabelText('Swap the sides'));
  await waitFor(() =>
    expect(router.state.location.search).toEqual({ tab: 'revisions', from: 3, to: 1 }),
  );
  await userEvent.click(await screen.findByLabelText('Close the comparison'));
  await waitFor(() =>
    expect(router.state.location.search).toEqual({ tab: 'revisions' }),
  );
});

it('reads again when somebody else was quicker, and moves the label then', async () => {
  let agent = anAgent('reviewer');
  serveAgent(() => agent, revisions);
  server.use(
    http.put(url('/components/:id/labels/:label'), ({ request }) => {
      if (request.headers.get('If-Match') === '"v2"') {
        return HttpResponse.json({});
      }
      agent = anAgent('reviewer', {
        etag: '"v2"',
        latest: {
          ...latest,
          number: 4,
          author: { id: 'u2', username: 'grace', display_name: 'Grace' },
        },
      });
      return problem(412, 'stale');
    }),
  );
  await renderApp('/agents/ada/reviewer?tab=revisions');
  await userEvent.click(await screen.findByLabelText('Actions on revision 2'));
  await userEvent.click(
    await screen.findByRole('menuitem', { name: 'Move a label here' }),
  );
  const dialog = await screen.findByRole('dialog');
  await userEvent.type(await within(dialog).findByLabelText('Label'), 'production');
  const set = within(dialog).getByRole('button', { name: 'Set label' });
  await userEvent.click(set);
  expect(await within(dialog).findByRole('alert')).toHaveTextContent(
    'the newest revision is 4, by Grace',
  );
  await userEvent.click(set);
  await screen.findByText('production is on revision 2 of reviewer');
});

it('restores an older revision on top of the newest', async () => {
  let sent: unknown;
  let match: string | null = null;
  serveAgent(() => anAgent('reviewer', { draft: true }), revisions);
  server.use(
    http.post(url('/components/:id/revisions/1/restore'), async ({ request }) => {
      sent = await request.json();
      match = request.headers.get('If-Match');
      return HttpResponse.json(aRevision(4), { status: 201 });
    }),
  );
  await renderApp('/agents/ada/reviewer?tab=revisions');
  await userEvent.click(await screen.findByLabelText('Actions on revision 1'));
  await userEvent.click(
    await screen.findByRole('menuitem', { name: 'Restore it as the newest' }),
  );
  const dialog = await screen.findByRole('dialog');
  expect(dialog).toHaveTextContent('and so does your draft');
  await userEvent.click(
    within(dialog).getByRole('button', { name: 'Publish revision 4' }),
  );
  await screen.findByText('Published revision 4 of reviewer');
  expect(sent).toEqual({ message: 'Restore revision 1' });
  expect(match).toBe(anAgent('reviewer').etag);
});

it('changes who sees it, for those who decide that', async () => {
  let agent = anAgent('reviewer');
  serveAgent(() => agent, revisions);
  server.use(
    http.get(url('/instance'), () => HttpResponse.json({ public_read: true })),
    http.patch(url('/components/:id'), async ({ request }) => {
      const { visibility } = (await request.json()) as Pick<typeof agent, 'visibility'>;
      agent = anAgent('reviewer', {
        visibility,
        permissions: { edit: true, manage: false },
      });
      return HttpResponse.json(agent);
    }),
  );
  await renderApp('/agents/ada/reviewer');
  await userEvent.click(
    await screen.findByRole('button', { name: 'Private: change who sees it' }),
  );
  const dialog = await screen.findByRole('dialog', { name: 'Who sees reviewer?' });
  expect(
    await within(dialog).findByText('Everybody sees it, also without an account.'),
  ).toBeVisible();
  await userEvent.click(within(dialog).getByRole('radio', { name: /^Public/ }));
  await userEvent.click(
    within(dialog).getByRole('button', { name: 'Change visibility' }),
  );
  await screen.findByText('reviewer is public now');
  expect(screen.getByTitle('Seen by everyone')).toHaveTextContent('Public');
  expect(screen.queryByRole('button', { name: /change who sees it/ })).toBeNull();
});

it('offers to restore what was deleted', async () => {
  let deleted: string | null = '2026-05-02T12:00:00Z';
  serveAgent(() => anAgent('reviewer', { deleted_at: deleted }), revisions);
  server.use(
    http.post(url('/components/:id/restore'), () => {
      deleted = null;
      return HttpResponse.json(anAgent('reviewer'));
    }),
  );
  await renderApp('/agents/ada/reviewer');
  await userEvent.click(await screen.findByRole('button', { name: 'Restore' }));
  expect(await screen.findByRole('link', { name: 'Edit' })).toHaveAttribute(
    'href',
    '/agents/ada/reviewer/edit',
  );
});

it('says the same about what is not there and what may not be seen', async () => {
  server.use(
    http.get(url('/components'), () =>
      HttpResponse.json({ items: [], next_cursor: null }),
    ),
    http.get(url('/resolve'), () => problem(404, 'not-found')),
  );
  await renderApp('/agents/grace/secret');
  expect(
    await screen.findByRole('heading', { name: 'There is no agent grace/secret' }),
  ).toBeVisible();
});
