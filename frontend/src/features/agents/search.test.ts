import { describe, expect, it } from 'vitest';
import {
  type AgentSearch,
  joinValues,
  nextSort,
  readSearch,
  sortOf,
  splitValues,
  toggleValue,
  toQuery,
  withoutFilters,
  withText,
} from './search';

describe('the address of the list', () => {
  it('becomes the query that it describes', () => {
    const search = readSearch({
      q: 'review',
      tool: 'Read,Grep',
      health: 'error',
      sort: '-name',
    });
    expect(toQuery(search)).toEqual({
      limit: 50,
      count: true,
      q: 'review',
      highlights: true,
      tool: ['Read', 'Grep'],
      health: ['error'],
      sort: '-name',
    });
  });

  it.each<[Record<string, unknown>, AgentSearch]>([
    [
      { q: 12, team: true },
      { q: '12', team: 'true' },
    ],
    [{ q: '   ' }, {}],
    [{ sort: 'size', health: 'bad,warning' }, { health: 'warning' }],
    [{ sort: 'relevance' }, {}],
    [{ tool: ['Read', 'Grep'] }, { tool: 'Read,Grep' }],
    [{ deleted: 'true', page: 3 }, { deleted: true }],
    [{ model: { a: 1 }, label: ',,' }, {}],
  ])('%j is read as %j', (raw, search) => {
    expect(readSearch(raw)).toEqual(search);
  });

  it('is the same after it was written and read again', () => {
    const search: AgentSearch = {
      q: 'a',
      team: 'ada,grace',
      sort: 'name',
      deleted: true,
    };
    expect(readSearch({ ...search })).toEqual(search);
  });
});

describe('values of a facet', () => {
  it('may hold commas and backslashes', () => {
    const values = ['Bash(git add, git commit)', 'C:\\tools', 'Read'];
    expect(splitValues(joinValues(values))).toEqual(values);
  });

  it('are switched on and off, and nothing is left of the last one', () => {
    const one = toggleValue({}, 'tool', 'Read');
    const two = toggleValue(one, 'tool', 'Bash(a, b)');
    expect(toQuery(two).tool).toEqual(['Read', 'Bash(a, b)']);
    expect(toggleValue(toggleValue(two, 'tool', 'Read'), 'tool', 'Bash(a, b)')).toEqual(
      {},
    );
  });

  it('go with the text when everything is cleared; order and place stay', () => {
    const search: AgentSearch = { q: 'a', team: 'ada', sort: 'name', deleted: true };
    expect(withoutFilters(search)).toEqual({ sort: 'name', deleted: true });
  });
});

describe('the order', () => {
  it('is by relevance with a text, by time without', () => {
    expect(sortOf({})).toBe('-updated_at');
    expect(sortOf({ q: 'a' })).toBe('relevance');
  });

  it('turns around with a second click', () => {
    expect(nextSort({}, 'name')).toBe('name');
    expect(nextSort({ sort: 'name' }, 'name')).toBe('-name');
    expect(nextSort({}, 'updated_at')).toBe('updated_at');
    expect(nextSort({ q: 'a' }, 'description_tokens')).toBe('-description_tokens');
  });

  it('by relevance ends with the text', () => {
    expect(withText({ q: 'a', sort: 'relevance' }, '')).toEqual({});
    expect(withText({ q: 'a', sort: 'name' }, '')).toEqual({ sort: 'name' });
  });
});
