import { expect, it } from 'vitest';
import { costOf, moved, nextOf, withShadows } from './order';
import { readCollectionSearch, readCollectionsSearch } from './search';
import { anEntry } from './test-support';
import { followOf, follows, nameError, nameOf } from './words';

const ids = (entries: { component_id: string }[]) =>
  entries.map(({ component_id }) => component_id);

it('moves an entry to the place of another one, up and down', () => {
  const [a, b, c] = [anEntry('a'), anEntry('b'), anEntry('c')];
  expect(ids(moved([a, b, c], 'c', 'a'))).toEqual(['c', 'a', 'b']);
  expect(ids(moved([a, b, c], 'a', 'c'))).toEqual(['b', 'c', 'a']);
  expect(ids(moved([a, b, c], 'a', 'b'))).toEqual(['b', 'a', 'c']);
  expect(ids(moved([a, b, c], 'x', 'b'))).toEqual(['a', 'b', 'c']);
  expect(nextOf([a, b, c], 'a')).toBe('b');
  expect(nextOf([a, b, c], 'c')).toBeNull();
});

it('lets the topmost of one kind and name win, of those that stand for something', () => {
  const top = anEntry('top', { name: 'reviewer', description_tokens: 5 });
  const below = anEntry('below', { name: 'reviewer', description_tokens: 7 });
  const other = anEntry('other', { name: 'reviewer', kind: 'skill' });
  const [, shadowed, apart] = withShadows([top, below, other]);
  expect(shadowed?.shadowed_by).toBe('top');
  expect(apart?.shadowed_by).toBeNull();
  expect(costOf(withShadows([top, below]))).toBe(5);
  expect(costOf(withShadows([below, top]))).toBe(7);
  const gone = { ...top, state: 'deleted' as const };
  expect(withShadows([gone, below])[1]?.shadowed_by).toBeNull();
});

it('reads what an entry follows from its select, and back', () => {
  expect(followOf(follows({ label: 'stable', number: null }))).toEqual({
    label: 'stable',
  });
  expect(followOf(follows({ label: null, number: 3 }))).toEqual({ number: 3 });
});

it('proposes names that are valid', () => {
  expect(nameOf('Backend kit (Ünïcode)!')).toBe('backend-kit-u-ni-code');
  expect(nameError(nameOf('Ready, steady'))).toBeNull();
  expect(nameError('Kit')).toMatch(/lower-case/);
  expect(nameError('')).toBe('Choose a name');
});

it('keeps in addresses what means something', () => {
  expect(readCollectionsSearch({ q: ' ', show: 'x', sort: 'name', new: 1 })).toEqual({
    sort: 'name',
    new: true,
  });
  expect(readCollectionSearch({ tab: 'releases', from: 2, to: 3 })).toEqual({
    tab: 'releases',
    from: 2,
    to: 3,
  });
  expect(readCollectionSearch({ tab: 'entries', from: 2, release: -1 })).toEqual({});
});
