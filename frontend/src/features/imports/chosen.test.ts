import { expect, it } from 'vitest';
import {
  blocking,
  chooseFiles,
  chooseGroup,
  chosenCount,
  dropFiles,
  dropGroup,
  isChosen,
  nothing,
  openFiles,
  requestOf,
} from './chosen';
import type { ImportOutcome } from './types';

const file = (id: string, outcome: ImportOutcome = 'new') => ({ id, outcome });
const open = {
  new: 30,
  changed: 6,
  unchanged: 3,
  clash: 1,
  needs_repair: 0,
  left_aside: 9,
  refused: 2,
};

it('counts single files and whole groups, each file once', () => {
  let chosen = chooseFiles(nothing, [file('a'), file('b', 'changed')]);
  expect(chosenCount(chosen, open)).toBe(2);
  chosen = chooseGroup(chosen, 'new');
  expect(chosenCount(chosen, open)).toBe(31);
  expect(chosenCount(chosen, open, ['changed'])).toBe(1);
  chosen = chooseFiles(chosen, [file('c')]);
  expect(chosenCount(chosen, open)).toBe(31);
  expect(isChosen(chosen, file('never seen'))).toBe(true);
  chosen = dropGroup(chosen, 'new');
  expect(chosenCount(chosen, open)).toBe(1);
  expect(chosenCount(dropFiles(chosen, ['b']), open)).toBe(0);
});

it('does not count what cannot be imported', () => {
  expect(openFiles(open)).toBe(40);
});

it('is held up only by what is chosen', () => {
  const undecided = [file('a', 'clash'), file('b', 'new')];
  expect(blocking(undecided, null)).toHaveLength(2);
  const chosen = chooseFiles(nothing, [file('b'), file('x', 'changed')]);
  expect(blocking(undecided, chosen).map(({ id }) => id)).toEqual(['b']);
  expect(blocking(undecided, chooseGroup(nothing, 'clash'))).toHaveLength(1);
});

it('asks by group, and by file as soon as single ones are among them', async () => {
  const read = async (groups: ImportOutcome[]) =>
    groups.map((group) => file(`of ${group}`, group));
  const group = chooseGroup(nothing, 'new');
  expect(await requestOf(group, read)).toEqual({ outcome: ['new'] });
  const single = chooseFiles(nothing, [file('a', 'changed')]);
  expect(await requestOf(single, read)).toEqual({ ids: ['a'] });
  expect(await requestOf(chooseFiles(group, [file('a', 'changed')]), read)).toEqual({
    ids: ['of new', 'a'],
  });
});
