import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { reportAnswer } from '@/api/network';
import { begin } from '@/api/session';
import { ada, problem, server, url } from '@/test/server';
import { saveDraft } from './api';
import { tabBackup } from './backup';
import { DraftSync, SAVE_AFTER_MS } from './draft-sync';
import { base, digestOf, draft, ID, local, textOf } from './editor-fixtures';

const backup = tabBackup('ada', ID);
const open = (start = local()) => {
  const sync = new DraftSync(start, backup, (...args) => saveDraft(ID, ...args));
  stop = sync.connect();
  return sync;
};
let stop = () => {};

interface Sent {
  content: string;
  base_digest: string;
  match: string | null;
  none: string | null;
}
let sent: Sent[] = [];

/** Takes drafts as the server does, by their ETags. */
function takesDrafts(etag: string | null = null) {
  let current = etag;
  server.use(
    http.put(url(`/components/${ID}/draft`), async ({ request }) => {
      const body = (await request.json()) as { content: string; base_digest: string };
      const match = request.headers.get('If-Match');
      const none = request.headers.get('If-None-Match');
      sent.push({ ...body, match, none });
      const fits = current === null ? none === '*' : match === current;
      if (!fits) return problem(412, 'stale');
      current = `"d${sent.length}"`;
      return HttpResponse.json(draft({ ...body, etag: current }));
    }),
  );
}

beforeEach(async () => {
  sent = [];
  sessionStorage.clear();
  server.use(http.get(url('/users/me'), () => HttpResponse.json(ada)));
  await begin({ access_token: 'a', token_type: 'bearer', expires_in: 900 });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

/** Until the request that is under way has been answered. */
const settled = (sync: DraftSync) =>
  vi.waitFor(() => {
    expect(['saving', 'waiting']).not.toContain(sync.snapshot().save.is);
  });

describe('saving', () => {
  it('waits until the typing pauses, then makes the draft and changes it', async () => {
    takesDrafts();
    const sync = open();
    expect(sync.snapshot().save.is).toBe('unchanged');
    sync.edit('a');
    vi.advanceTimersByTime(SAVE_AFTER_MS - 1);
    sync.edit('ab');
    expect(sync.snapshot().save.is).toBe('waiting');
    vi.advanceTimersByTime(SAVE_AFTER_MS - 1);
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(1);
    await settled(sync);
    expect(sync.snapshot().save.is).toBe('saved');
    sync.edit('abc');
    expect(await sync.flush()).toBe(true);
    expect(sent).toEqual([
      { content: 'ab', base_digest: digestOf(1), match: null, none: '*' },
      { content: 'abc', base_digest: digestOf(1), match: '"d1"', none: null },
    ]);
    expect(backup.read()).toBeNull();
  });

  it('sends what was typed during a request in the next one', async () => {
    takesDrafts();
    const sync = open();
    sync.edit('a');
    const first = sync.flush();
    sync.edit('ab');
    expect(sync.snapshot().save.is).toBe('saving');
    await first;
    expect(sync.snapshot().save.is).toBe('waiting');
    expect(backup.read()).toMatchObject({
      content: 'ab',
      confirmed: 'a',
      etag: '"d1"',
    });
    expect(await sync.flush()).toBe(true);
    expect(sent.map(({ content }) => content)).toEqual(['a', 'ab']);
  });

  it('asks nothing of the server when the text is the published one', async () => {
    const sync = open();
    sync.edit('a');
    sync.edit(textOf(1));
    expect(await sync.flush()).toBe(true);
    expect(sync.snapshot().save.is).toBe('unchanged');
    expect(backup.read()).toBeNull();
  });

  it('saves a text that a reload brought back', async () => {
    takesDrafts('"d7"');
    const start = { confirmed: 'saved', etag: '"d7"', draftBase: digestOf(1) };
    const sync = open(local({ ...start, text: 'typed' }));
    expect(sync.snapshot().save.is).toBe('waiting');
    vi.advanceTimersByTime(SAVE_AFTER_MS);
    await settled(sync);
    expect(sent).toMatchObject([{ content: 'typed', match: '"d7"' }]);
  });
});

describe('when saving fails', () => {
  it('keeps the text offline and saves it when the server is back', async () => {
    server.use(http.put(url(`/components/${ID}/draft`), () => HttpResponse.error()));
    const sync = open();
    sync.edit('a');
    expect(await sync.flush()).toBe(false);
    expect(sync.snapshot().save).toEqual({ is: 'offline', kept: true });
    sync.edit('ab');
    expect(sync.snapshot().save).toEqual({ is: 'offline', kept: true });
    expect(backup.read()).toMatchObject({ content: 'ab', etag: null, baseNumber: 1 });
    takesDrafts();
    reportAnswer(true);
    await settled(sync);
    await vi.waitFor(() => expect(sync.snapshot().save.is).toBe('saved'));
    expect(sent).toMatchObject([{ content: 'ab', none: '*' }]);
    expect(backup.read()).toBeNull();
  });

  it('tries again by itself when the server is busy', async () => {
    server.use(
      http.put(
        url(`/components/${ID}/draft`),
        () => problem(503, 'unavailable', { headers: { 'Retry-After': '2' } }),
        { once: true },
      ),
    );
    const sync = open();
    sync.edit('a');
    await sync.flush();
    expect(sync.snapshot().save).toMatchObject({ is: 'refused', kept: true });
    takesDrafts();
    vi.advanceTimersByTime(2_000);
    await vi.waitFor(() => expect(sync.snapshot().save.is).toBe('saved'));
  });

  it('says why the server refuses, and tries again with the next letter', async () => {
    server.use(
      http.put(
        url(`/components/${ID}/draft`),
        () => problem(413, 'too-large', { detail: 'At most 10 bytes.' }),
        { once: true },
      ),
    );
    const sync = open();
    sync.edit('a long text');
    await sync.flush();
    const { save } = sync.snapshot();
    expect(save.is === 'refused' && save.error.message).toBe('At most 10 bytes.');
    takesDrafts();
    sync.edit('short');
    vi.advanceTimersByTime(SAVE_AFTER_MS);
    await vi.waitFor(() => expect(sync.snapshot().save.is).toBe('saved'));
  });

  it('never overwrites a draft that changed elsewhere', async () => {
    takesDrafts('"d9"');
    const start = { confirmed: 'saved', etag: '"d1"', draftBase: digestOf(1) };
    const sync = open(local({ ...start, text: 'saved' }));
    sync.edit('typed');
    expect(await sync.flush()).toBe(false);
    expect(sync.snapshot().save.is).toBe('stale');
    sync.edit('typed more');
    expect(await sync.flush()).toBe(false);
    expect(sent).toHaveLength(1);
    expect(backup.read()).toMatchObject({ content: 'typed more', confirmed: 'saved' });

    const settledOn = { confirmed: 'theirs', etag: '"d9"', draftBase: digestOf(1) };
    sync.reset(local({ ...settledOn, text: 'merged' }));
    expect(await sync.flush()).toBe(true);
    expect(sent.at(-1)).toMatchObject({ content: 'merged', match: '"d9"' });
  });

  it('says so when the browser cannot keep the text either', async () => {
    server.use(http.put(url(`/components/${ID}/draft`), () => HttpResponse.error()));
    const full = { read: () => null, write: () => false, clear: () => {} };
    const sync = new DraftSync(local(), full, (...args) => saveDraft(ID, ...args));
    sync.edit('a');
    await sync.flush();
    expect(sync.snapshot().save).toEqual({ is: 'offline', kept: false });
  });
});

describe('going on', () => {
  it('saves a draft under its new base, even with the same text', async () => {
    takesDrafts('"d1"');
    const start = { confirmed: 'mine', etag: '"d1"', draftBase: digestOf(1) };
    const sync = open(local({ ...start, text: 'mine' }));
    expect(sync.isDirty()).toBe(false);
    sync.reset(local({ ...start, text: 'mine', base: base(2) }));
    expect(sync.isDirty()).toBe(true);
    expect(await sync.flush()).toBe(true);
    expect(sent).toMatchObject([{ content: 'mine', base_digest: digestOf(2) }]);
    expect(sync.snapshot().base.number).toBe(2);
  });

  it('saves nothing while the text is being published, nor afterwards', async () => {
    const sync = open();
    sync.edit('a');
    await sync.hold();
    vi.advanceTimersByTime(SAVE_AFTER_MS * 3);
    expect(await sync.flush()).toBe(false);
    sync.finish();
    expect(await sync.flush()).toBe(true);
    expect(backup.read()).toBeNull();
  });

  it('saves again when publishing was refused', async () => {
    takesDrafts();
    const sync = open();
    sync.edit('a');
    await sync.hold();
    sync.release();
    vi.advanceTimersByTime(SAVE_AFTER_MS);
    await vi.waitFor(() => expect(sync.snapshot().save.is).toBe('saved'));
  });
});
