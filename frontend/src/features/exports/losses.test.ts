import { expect, it } from 'vitest';
import type { ExportNote } from '@/api/types';
import { componentOf, grouped, lossesByFile, lossText } from './losses';

const note = (change: Partial<ExportNote> = {}): ExportNote => ({
  component: 'agent:ada/one@1',
  path: 'one.md',
  field: 'color',
  fate: 'dropped',
  weight: 'slight',
  becomes: null,
  why: 'There are no colours.',
  ...change,
});

it('tells first what matters most, and the same thing once', () => {
  const groups = grouped([
    note({ fate: 'kept', weight: 'none', field: null, why: 'As it is.' }),
    note({ fate: 'approximated', field: 'effort', becomes: 'xhigh' }),
    note(),
    note({ component: 'agent:ada/two@1', path: 'two.md' }),
    note({ field: 'tools', weight: 'serious' }),
    note({ fate: 'renamed', weight: 'none', field: 'name' }),
  ]);
  expect(groups.map(({ sort, count }) => [sort, count])).toEqual([
    ['serious', 1],
    ['slight', 3],
    ['renamed', 1],
    ['kept', 1],
  ]);
  const slight = groups[1];
  expect(slight?.reasons.map((one) => [one.field, one.fate, one.notes.length])).toEqual(
    [
      ['color', 'dropped', 2],
      ['effort', 'approximated', 1],
    ],
  );
  expect(grouped([])).toEqual([]);
});

it('finds the weightiest loss of each file, and nothing else', () => {
  const notes = [
    note(),
    note({ field: 'model', weight: 'notable' }),
    note({ path: 'two.md', fate: 'kept', weight: 'none' }),
    note({ path: null }),
  ];
  expect([...lossesByFile({ notes })]).toEqual([['one.md', 'notable']]);
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
  const texts = [0, 1, 12].map((losses) => lossText(losses));
  expect(texts).toEqual(['Nothing lost', '1 loss', '12 losses']);
  expect(lossText(12, 2)).toBe('12 losses, 2 serious');
  expect([lossText(1, 1), lossText(3, 3)]).toEqual([
    '1 serious loss',
    '3 serious losses',
  ]);
});
