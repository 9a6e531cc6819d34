import { HttpResponse, http } from 'msw';
import { beforeEach, expect, it } from 'vitest';
import { begin } from '@/api/session';
import type { Draft } from '@/api/types';
import { kindOf } from '@/features/kinds/kinds';
import { ada, problem, server, token, url } from '@/test/server';
import { tabBackup } from './backup';
import { agent, base, digestOf, draft, ID, textOf } from './editor-fixtures';
import { openAgent } from './open';
import { type EditSearch, readEditSearch, shownOf } from './views';

const backupOf = (id: string) => tabBackup('ada', id);
const open = (search: EditSearch = {}) =>
  openAgent(kindOf('agent'), 'ada', 'reviewer', search, backupOf);

function has(number: number, mine: Draft | null = null) {
  const found = agent(number, { draft: mine !== null });
  server.use(
    http.get(url('/components'), ({ request }) => {
      const ref = new URL(request.url).searchParams.get('ref');
      const items = ref === 'agent:ada/reviewer' ? [found] : [];
      return HttpResponse.json({ items, next_cursor: null });
    }),
    http.get(url(`/agents/${ID}`), () => HttpResponse.json(found)),
    http.get(url(`/components/${ID}/draft`), () => HttpResponse.json(mine)),
    http.get(url(`/components/${ID}/revisions/:n`), ({ params }) => {
      const content = textOf(Number(params.n));
      return HttpResponse.json({ content, repaired: 'repaired' });
    }),
  );
}

beforeEach(async () => {
  sessionStorage.clear();
  server.use(
    http.get(url('/users/me'), () => HttpResponse.json(ada)),
    http.post(url('/auth/refresh'), () => token('a')),
  );
  await begin({ access_token: 'a', token_type: 'bearer', expires_in: 900 });
});

it('finds nothing where nothing is', async () => {
  has(1);
  server.use(http.get(url('/resolve'), () => problem(404, 'not-found')));
  expect(await openAgent(kindOf('agent'), 'ada', 'other', {}, backupOf)).toBeNull();
});

it('finds what is not published, and begins with its draft', async () => {
  has(1);
  const begun = agent(1, { latest: null, published: false, draft: true, content: '' });
  server.use(
    http.get(url('/resolve'), () => HttpResponse.json({ component: begun })),
    http.get(url(`/agents/${ID}`), () => HttpResponse.json(begun)),
    http.get(url(`/components/${ID}/draft`), () =>
      HttpResponse.json(draft({ base_number: 0, base_digest: '' })),
    ),
  );
  expect(await openAgent(kindOf('agent'), 'ada', 'other', {}, backupOf)).toMatchObject({
    local: { text: 'saved', etag: '"d1"', base: { number: 0, digest: '' } },
    conflict: null,
  });
});

it('starts from the newest revision', async () => {
  has(2);
  expect(await open()).toMatchObject({
    local: { text: textOf(2), confirmed: textOf(2), etag: null, base: base(2) },
    conflict: null,
    savedAt: null,
  });
});

it('goes on with the draft', async () => {
  has(1, draft({ content: 'mine', etag: '"d4"' }));
  expect(await open()).toMatchObject({
    local: { text: 'mine', confirmed: 'mine', etag: '"d4"', base: base(1) },
    conflict: null,
    savedAt: Date.parse('2026-05-01T12:00:00Z'),
  });
});

it('says that the draft is based on an older revision', async () => {
  has(3, draft({ content: 'mine' }));
  expect(await open()).toMatchObject({
    local: { text: 'mine', base: base(1) },
    conflict: { kind: 'published', mine: 'mine', theirs: textOf(3), base: textOf(1) },
  });
});

const kept = (changes: object) => ({
  content: 'typed',
  confirmed: textOf(1),
  etag: null,
  baseDigest: digestOf(1),
  baseNumber: 1,
  ...changes,
});

it('brings back what this tab had not saved', async () => {
  has(1);
  backupOf(ID).write(kept({}));
  expect(await open()).toMatchObject({
    local: { text: 'typed', confirmed: textOf(1), etag: null },
    conflict: null,
  });
});

it('has the text of this tab against a draft saved elsewhere since', async () => {
  has(1, draft({ content: 'theirs', etag: '"d5"' }));
  backupOf(ID).write(kept({ confirmed: 'saved', etag: '"d4"' }));
  expect(await open()).toMatchObject({
    local: { text: 'typed' },
    conflict: { kind: 'draft', mine: 'typed', theirs: 'theirs', base: 'saved' },
  });
});

it('takes no notice of a backup that is not one', async () => {
  has(1);
  sessionStorage.setItem(`roster-editor:ada:${ID}`, '{"content":1}');
  expect((await open())?.local.text).toBe(textOf(1));
});

it('starts from the repair or an older revision, where nothing was typed', async () => {
  has(3);
  expect(await open({ repair: true })).toMatchObject({
    local: { text: 'repaired', confirmed: textOf(3) },
    started: { kind: 'repair', number: 3 },
    offer: null,
  });
  expect(await open({ restore: 2 })).toMatchObject({
    local: { text: textOf(2), confirmed: textOf(3), base: base(3) },
    started: { kind: 'restore', number: 2 },
  });
});

it('offers them beside a draft, which stays', async () => {
  has(1, draft({ content: 'mine' }));
  expect(await open({ repair: true })).toMatchObject({
    local: { text: 'mine' },
    started: null,
    offer: { kind: 'repair', text: 'repaired' },
  });
});

it('reads the address', () => {
  expect(readEditSearch({ view: 'form', panel: 'findings', repair: 0 })).toEqual({});
  expect(readEditSearch({ view: 'split', panel: 'preview', repair: '1' })).toEqual({
    view: 'split',
    panel: 'preview',
    repair: true,
  });
  expect(readEditSearch({ view: 'x', restore: '2' })).toEqual({ restore: 2 });
  expect(readEditSearch({ restore: -1 })).toEqual({});
});

it('shows one address on narrow and on wide screens', () => {
  expect(shownOf({ view: 'split' })).toMatchObject({ view: 'split', tab: 'source' });
  expect(shownOf({ view: 'preview' })).toEqual({
    view: 'form',
    panel: 'preview',
    tab: 'preview',
  });
});
