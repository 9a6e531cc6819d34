import { expect, it } from 'vitest';
import { periodOf } from './periods';
import { clientText, pulledDays, pullText } from './words';

it('leaves out the days on which nothing was pulled, newest first', () => {
  const line = (name: string, pulls: number[]) => ({ name, total: 0, pulls });
  expect(
    pulledDays({
      days: ['2026-03-01', '2026-03-02', '2026-03-03'],
      pulls: [3, 0, 1],
      total: 4,
      clients: [line('git', [2, 0, 1]), line('roster', [1, 0, 0])],
      targets: [],
      releases: [],
    }),
  ).toEqual([
    { day: '2026-03-03', total: 1, counts: [1, 0] },
    { day: '2026-03-01', total: 3, counts: [2, 1] },
  ]);
});

it('names what it knows, and shows the name of what it does not', () => {
  expect([clientText('git'), clientText('later')]).toEqual(['Git', 'later']);
  expect([pullText(1), pullText(1200)]).toEqual(['1 pull', '1,200 pulls']);
});

it('reads a period from an address, and nothing odd', () => {
  expect([periodOf(7), periodOf(90), periodOf(8), periodOf(undefined)]).toEqual([
    7, 90, 30, 30,
  ]);
});
