import { describe, expect, it } from 'vitest';
import {
  type ComponentSearch,
  comparisonOf,
  pick,
  readComponentSearch,
} from './compare';

describe('choosing two revisions', () => {
  it('keeps the last two, and lets go of one that is chosen again', () => {
    expect(pick([], 3)).toEqual([3]);
    expect(pick([3], 1)).toEqual([3, 1]);
    expect(pick([3, 1], 2)).toEqual([1, 2]);
    expect(pick([3, 1], 3)).toEqual([1]);
  });

  it('shows the older one first', () => {
    expect(comparisonOf(4, 2)).toEqual({ from: 2, to: 4 });
  });
});

describe('the address of an agent', () => {
  it.each<[Record<string, unknown>, ComponentSearch]>([
    [{}, {}],
    [{ tab: 'read', from: 1, to: 2 }, {}],
    [
      { tab: 'source', revision: '3' },
      { tab: 'source', revision: 3 },
    ],
    [
      { tab: 'revisions', from: 1, to: 3 },
      { tab: 'revisions', from: 1, to: 3 },
    ],
    [
      { tab: 'revisions', from: 3, to: 1 },
      { tab: 'revisions', from: 3, to: 1 },
    ],
    [{ tab: 'revisions', from: 2, to: 2 }, { tab: 'revisions' }],
    [{ tab: 'revisions', from: 1 }, { tab: 'revisions' }],
    [{ tab: 'health', revision: -1 }, {}],
    [{ revision: 2.5 }, {}],
    [{ revision: 9e12 }, {}],
  ])('%j is read as %j', (raw, search) => {
    expect(readComponentSearch(raw)).toEqual(search);
  });
});
