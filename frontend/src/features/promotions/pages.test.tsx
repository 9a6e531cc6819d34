import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { renderApp } from '@/features/agents/test-support';
import { problem, server, url } from '@/test/server';
import { aPromotion } from './test-support';

it('lists what the address asks for', async () => {
  const asked: string[] = [];
  server.use(
    http.get(url('/promotions'), ({ request }) => {
      const { searchParams } = new URL(request.url);
      if (searchParams.get('limit') === '30') asked.push(searchParams.toString());
      const items = searchParams.has('mine') ? [] : [aPromotion({ approvals: 1 })];
      return HttpResponse.json({ items, next_cursor: null, total: items.length });
    }),
  );
  await renderApp('/reviews?view=needs-me&team=platform');
  const list = await screen.findByRole('list', { name: 'Reviews' });
  expect(within(list).getByRole('link')).toHaveTextContent(
    'agent:platform/tide-clerk: production from revision 2 to 3',
  );
  expect(within(list).getByText('1 of 2 approvals')).toBeVisible();
  await userEvent.click(screen.getByRole('link', { name: 'Yours' }));
  expect(await screen.findByText('No reviews here')).toBeVisible();
  expect(asked).toEqual([
    'team=platform&limit=30&needs_me=true',
    'team=platform&limit=30&mine=true',
  ]);
});

it('shows what counts and what lapsed, and reads again after it was too slow', async () => {
  const { author } = aPromotion();
  const voice = {
    user: author,
    verdict: 'approve',
    from_number: null,
    number: 2,
  } as const;
  const at = '2026-01-02T03:04:05Z';
  let reads = 0;
  const promotion = aPromotion({
    from_number: null,
    checks: [{ name: 'licence', state: 'failed', detail: 'It has no licence.' }],
    voices: [{ ...voice, at, lapsed: 'It was about revision 2.' }],
    blockers: [{ code: 'check_failed', detail: 'It has no licence.' }],
  });
  promotion.permissions.apply = { allowed: false, reason: 'It has no licence.' };
  server.use(
    http.get(url('/promotions'), () =>
      HttpResponse.json({ items: [], next_cursor: null, total: 0 }),
    ),
    http.get(url(`/promotions/${promotion.id}`), () => {
      reads += 1;
      return HttpResponse.json(promotion);
    }),
    http.post(url(`/promotions/${promotion.id}/approve`), ({ request }) => {
      expect(request.headers.get('If-Match')).toBe(promotion.etag);
      return problem(412, 'stale', { detail: 'It was changed.' });
    }),
  );
  await renderApp(`/reviews/${promotion.id}`);
  expect(await screen.findByText('A licence: failed')).toBeVisible();
  expect(screen.getByText('Lapsed: It was about revision 2.')).toBeVisible();
  const apply = screen.getByRole('button', { name: 'Apply' });
  expect(apply).toBeDisabled();
  expect(apply).toHaveAccessibleDescription('It has no licence.');
  expect(reads).toBe(1);
  await userEvent.click(screen.getByRole('button', { name: 'Approve' }));
  expect(await screen.findByText('It was changed.')).toBeVisible();
  expect(reads).toBe(2);
});

it('says that the discussion is for members', async () => {
  const promotion = aPromotion({ from_number: null, member: false });
  promotion.permissions.comment = { allowed: false, reason: 'For editors.' };
  server.use(
    http.get(url('/promotions'), () =>
      HttpResponse.json({ items: [], next_cursor: null, total: 0 }),
    ),
    http.get(url(`/promotions/${promotion.id}`), () => HttpResponse.json(promotion)),
  );
  await renderApp(`/reviews/${promotion.id}`);
  expect(await screen.findByText('Only members see the discussion.')).toBeVisible();
  expect(screen.queryByText('Nobody wrote anything.')).not.toBeInTheDocument();
  expect(screen.queryByLabelText('Add a comment')).not.toBeInTheDocument();
});
