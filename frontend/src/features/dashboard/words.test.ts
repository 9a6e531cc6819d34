import { describe, expect, it } from 'vitest';
import type { LiveEvent } from '@/api/types';
import { happened, ID } from '@/features/live/test-support';
import { readSearch } from './queries';
import { eventfulDays } from './series';
import { dayText, didOf, pageOf, whatOf } from './words';

const did = (action: string, details: LiveEvent['details'] = {}) =>
  didOf({ ...happened(), action, details });
const page = (kind: string, name: string, action = 'x.changed') =>
  pageOf({ ...happened(kind), action, target: { kind, id: ID, name } });

describe('activity', () => {
  it('says what was done, with its particulars', () => {
    expect(did('label.moved', { label: 'production', number: 4 })).toBe(
      'moved production to revision 4 of',
    );
    expect(did('novelty.made_up')).toBe('novelty made up:');
    expect(whatOf({ ...happened('import'), team: 'harbour' })).toBe('harbour');
  });

  it('leads to the page of the thing, where it has one', () => {
    expect(page('component', 'skill:ada/tides')).toBe('/skills/ada/tides');
    expect(page('promotion', 'agent:ada/tides@stable')).toBe(`/reviews/${ID}`);
    expect(page('collection', 'ada/all')).toBe('/collections/ada/all');
    expect(page('team', 'harbour')).toBe('/teams/harbour');
    expect(page('component', 'agent:ada/tides', 'component.deleted')).toBeNull();
    expect(page('repository', 'x')).toBe(`/imports/repositories/${ID}`);
    expect(page('repository', 'x', 'repository.removed')).toBeNull();
    expect(page('novelty', 'x')).toBeNull();
  });
});

describe('figures', () => {
  it('leaves out the days on which nothing happened, newest first', () => {
    const series = {
      days: ['2026-03-01', '2026-03-02', '2026-03-03'],
      revisions: [2, 0, 1],
      components: [1, 0, 0],
      moves: [0, 0, 0],
      imports: [0, 0, 4],
      pulls: [0, 0, 7],
    };
    expect(eventfulDays(series)).toEqual([
      { day: '2026-03-03', counts: [1, 0, 0, 4, 7] },
      { day: '2026-03-01', counts: [2, 1, 0, 0, 0] },
    ]);
    expect(dayText('2026-03-01')).toBe('1 Mar');
  });

  it('reads the period and the team from the address, and nothing odd', () => {
    expect(readSearch({ days: '7', team: 'ada' })).toEqual({ days: 7, team: 'ada' });
    expect(readSearch({ days: 8, team: 3 })).toEqual({});
  });
});
