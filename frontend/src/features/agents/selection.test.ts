import { describe, expect, it } from 'vitest';
import { extend, nothingSelected, toggle, toggleAll, within } from './selection';

const order = ['a', 'b', 'c', 'd', 'e'];
const ids = (selection: { ids: ReadonlySet<string> }) => [...selection.ids].sort();

describe('a range', () => {
  it('goes from the last choice to this one, in both directions', () => {
    const down = extend(toggle(nothingSelected, 'b'), order, 'd');
    expect(ids(down)).toEqual(['b', 'c', 'd']);
    const up = extend(toggle(nothingSelected, 'd'), order, 'b');
    expect(ids(up)).toEqual(['b', 'c', 'd']);
  });

  it('unselects when its start was unselected', () => {
    const all = toggleAll(nothingSelected, order);
    const holed = toggle(all, 'b');
    expect(ids(extend(holed, order, 'd'))).toEqual(['a', 'e']);
  });

  it('keeps its start for the next range', () => {
    const first = extend(toggle(nothingSelected, 'c'), order, 'd');
    expect(ids(extend(first, order, 'a'))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is a single choice where there is no start on the page', () => {
    expect(ids(extend(nothingSelected, order, 'c'))).toEqual(['c']);
    const gone = toggle(nothingSelected, 'z');
    expect(ids(extend(gone, order, 'c'))).toEqual(['c', 'z']);
  });
});

it('selects all that is shown, then none', () => {
  const some = toggle(nothingSelected, 'b');
  const all = toggleAll(some, order);
  expect(ids(all)).toEqual(order);
  expect(ids(toggleAll(all, order))).toEqual([]);
});

it('forgets what is no longer shown', () => {
  const some = extend(toggle(nothingSelected, 'a'), order, 'c');
  const left = within(some, ['b', 'c', 'd']);
  expect(ids(left)).toEqual(['b', 'c']);
  expect(left.anchor).toBeNull();
  expect(within(left, ['b', 'c'])).toBe(left);
});
