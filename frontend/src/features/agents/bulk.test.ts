import { expect, it } from 'vitest';
import { byTeam } from './bulk';

it('puts things together by team', () => {
  const of = (slug: string, id: number) => ({ id, team: { slug } });
  const items = [of('ada', 1), of('grace', 2), of('ada', 3)];
  expect([...byTeam(items)].map(([team, all]) => [team, all.length])).toEqual([
    ['ada', 2],
    ['grace', 1],
  ]);
});
