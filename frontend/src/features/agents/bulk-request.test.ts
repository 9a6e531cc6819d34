import { HttpResponse, http } from 'msw';
import { beforeEach, expect, it } from 'vitest';
import { server, token, url } from '@/test/server';
import { changeMany } from './bulk-request';

beforeEach(() => server.use(http.post(url('/auth/refresh'), () => token('a'))));

const targets = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `id-${index}`, etag: '"v1"' }));

it('asks once for five hundred, and keeps the reason of what was refused', async () => {
  const asked: number[] = [];
  server.use(
    http.post(url('/components/bulk'), async ({ request }) => {
      const { action, items } = (await request.json()) as {
        action: string;
        items: { id: string; etag: string }[];
      };
      expect(action).toBe('delete');
      expect(items[0]?.etag).toBe('"v1"');
      asked.push(items.length);
      return HttpResponse.json({
        items: items.map(({ id }) => ({
          id,
          status: id === 'id-501' ? 412 : 204,
          etag: null,
          problem:
            id === 'id-501'
              ? { type: '/problems/stale', title: 'Changed', status: 412 }
              : null,
        })),
      });
    }),
  );
  const { done, failed } = await changeMany(targets(502), { action: 'delete' });
  expect(asked).toEqual([500, 2]);
  expect(done).toHaveLength(501);
  expect(failed.map(({ item }) => item.id)).toEqual(['id-501']);
  expect(failed[0]?.error).toMatchObject({ code: 'stale', status: 412 });
});

it('keeps what was done when a later part is not answered', async () => {
  let turn = 0;
  server.use(
    http.post(url('/components/bulk'), async ({ request }) => {
      turn += 1;
      if (turn > 1) return HttpResponse.error();
      const { items } = (await request.json()) as { items: { id: string }[] };
      return HttpResponse.json({
        items: items.map(({ id }) => ({ id, status: 200, etag: null, problem: null })),
      });
    }),
  );
  const outcome = await changeMany(targets(501), { action: 'restore' });
  expect(outcome.done).toHaveLength(500);
  expect(outcome.failed.map(({ item }) => item.id)).toEqual(['id-500']);
});
