import { describe, expect, it } from 'vitest';
import { latestEnd, mineText, sortMine } from './mine';
import { countOf, percentOf, waitingText } from './progress';
import { readJobSearch, toJobQuery, withFilter } from './search';
import { aJob } from './test-support';
import { everyOf, ranFor, spanOf } from './words';

const grace = { username: 'grace', display_name: '' } as ReturnType<
  typeof aJob
>['actor'];
const ended = (id: string, state: 'failed' | 'succeeded' | 'cancelled', at: string) =>
  aJob({ id, state, finished_at: `2026-01-31T${at}Z` });

describe('my jobs', () => {
  const jobs = [
    aJob({ id: 'running' }),
    aJob({ id: 'waiting', state: 'queued' }),
    ended('old', 'failed', '11:00:00.5'),
    ended('done', 'succeeded', '12:00:00.25'),
    ended('broken', 'failed', '12:00:00'),
    { ...ended('mine', 'cancelled', '12:00:01'), cancelled_by: aJob().actor },
    { ...ended('theirs', 'cancelled', '12:00:01'), cancelled_by: grace },
  ];
  const ids = (some: { id: string }[]) => some.map(({ id }) => id);

  it('are what runs, and what ended unseen with failures first', () => {
    const mine = sortMine(jobs, '2026-01-31T11:00:00.500000Z');
    expect(ids(mine.active)).toEqual(['running', 'waiting']);
    expect(ids(mine.ended)).toEqual(['broken', 'done', 'theirs']);
    expect(mineText(mine)).toBe('Jobs: 2 running, 1 failed, 2 ended');
  });

  it('are seen until the last one that ended', () => {
    expect(latestEnd(jobs)).toBe('2026-01-31T12:00:01Z');
    const mine = sortMine(jobs, latestEnd(jobs) ?? '');
    expect(mine.ended).toEqual([]);
    expect(mineText({ ...mine, active: [] })).toBe('Jobs');
    expect(latestEnd([])).toBeNull();
  });
});

describe('the list of jobs', () => {
  it('keeps of an address what means something', () => {
    const raw = { scope: 'teams', state: 'active', queue: 'nights', kind: 'a.b' };
    expect(readJobSearch(raw)).toEqual({
      scope: 'teams',
      state: 'active',
      kind: 'a.b',
    });
    expect(readJobSearch({ scope: 'instance', kind: 'x; y' })).toEqual({});
  });

  it('asks for both states of what has not ended', () => {
    expect(toJobQuery({ state: 'active', queue: 'imports' })).toEqual({
      scope: 'mine',
      state: ['queued', 'running'],
      queue: 'imports',
    });
  });

  it('changes one filter and keeps the others', () => {
    const search = { scope: 'teams', state: 'failed' } as const;
    expect(withFilter(search, 'state', 'all')).toEqual({ scope: 'teams' });
    expect(withFilter(search, 'queue', 'upkeep')).toEqual({
      ...search,
      queue: 'upkeep',
    });
  });
});

describe('words about jobs', () => {
  it('say how far it is', () => {
    expect(countOf({ done: 1200, total: 3000 })).toBe('1,200 of 3,000');
    expect(countOf({ done: 0, total: null })).toBe('');
    expect(percentOf({ done: 999, total: 1000 })).toBe(99);
    expect(percentOf({ done: 3, total: null })).toBeNull();
    expect(percentOf({ done: 0, total: 0 })).toBeNull();
  });

  it('say how long it took', () => {
    expect(spanOf(0.2)).toBe('less than a second');
    expect(spanOf(59.6)).toBe('1 min');
    expect(spanOf(7_500)).toBe('2 h 5 min');
    expect(spanOf(90_000)).toBe('1 d 1 h');
    const ran = { started_at: '2026-01-31T12:00:00Z', finished_at: null };
    expect(ranFor(ran, new Date('2026-01-31T12:01:05Z'))).toBe('1 min 5 s');
    expect(ranFor({ ...ran, started_at: null })).toBeNull();
  });

  it('say how often', () => {
    expect(everyOf(3600)).toBe('every hour');
    expect(everyOf(300)).toBe('every 5 minutes');
    expect(everyOf(172_800)).toBe('every 2 days');
  });

  it('say why it has not begun', () => {
    expect(waitingText({ ahead: 2, reason: 'turn' })).toBe(
      'Waiting: 2 jobs come first',
    );
    expect(waitingText({ ahead: 0, reason: 'turn' })).toBe('Waiting for its turn');
    const due_at = new Date(Date.now() + 300_500).toISOString();
    expect(waitingText({ ahead: 0, reason: 'later' }, { due_at, attempts: 1 })).toBe(
      'Tries again in 5 minutes',
    );
  });
});
