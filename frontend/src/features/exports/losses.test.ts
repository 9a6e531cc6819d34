import { expect, it } from 'vitest';
import type { ExportNote } from '@/api/types';
import { componentOf, grouped, lossesByFile, lossText } from './losses';

const note = (change: Partial<ExportNote> = {}): ExportNote => ({
  component: 'agent:ada/one@1',
  path: 'one.md',
  field: 'color',
  fate: 'dropped',
  becomes: null,
  why: 'There are no colours.',
  ...change,
});

it('tells first what gets lost, and the same thing once', () => {
  const groups = grouped([
    note({ fate: 'kept', field: null, why: 'As it is.' }),
    note({ field: 'model', why: 'There is no such model.' }),
    note(),
    note({ component: 'agent:ada/two@1', path: 'two.md' }),
    note({ fate: 'approximated', field: 'tools', becomes: 'permission' }),
  ]);
  expect(groups.map(({ fate, count }) => [fate, count])).toEqual([
    ['dropped', 3],
    ['approximated', 1],
    ['kept', 1],
  ]);
  const [dropped] = groups;
  expect(dropped?.reasons.map(({ field, notes }) => [field, notes.length])).toEqual([
    ['color', 2],
    ['model', 1],
  ]);
  expect(grouped([])).toEqual([]);
});

it('counts the losses of each file, and nothing else', () => {
  const notes = [
    note(),
    note({ field: 'model' }),
    note({ fate: 'kept' }),
    note({ path: null }),
  ];
  expect([...lossesByFile({ notes })]).toEqual([['one.md', 2]]);
});

it('takes references apart', () => {
  expect(componentOf('agent:ada/one@3')).toEqual({
    kind: 'agent',
    team: 'ada',
    name: 'one',
    number: 3,
  });
  // An export of single components has no release, and its lines no number.
  expect(componentOf('skill:ada/one@0')?.number).toBeNull();
  expect(componentOf('server:ada/one')?.number).toBeNull();
  expect(componentOf('')).toBeNull();
});

it('says how much gets lost', () => {
  expect([0, 1, 12].map(lossText)).toEqual(['Nothing lost', '1 loss', '12 losses']);
});
