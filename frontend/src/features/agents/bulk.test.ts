import { describe, expect, it } from 'vitest';
import { byTeam, forEach } from './bulk';

describe('forEach', () => {
  it('says which were done and which were not, in their order', async () => {
    const outcome = await forEach([5, 1, 4, 2, 3], async (number) => {
      await new Promise((resolve) => setTimeout(resolve, number));
      if (number % 2 === 0) throw new Error(`not ${number}`);
    });
    expect(outcome.done).toEqual([5, 1, 3]);
    expect(outcome.failed.map(({ item, error }) => [item, error.message])).toEqual([
      [4, 'not 4'],
      [2, 'not 2'],
    ]);
  });

  it('never asks more than four at once', async () => {
    let now = 0;
    let most = 0;
    await forEach(Array.from({ length: 20 }), async () => {
      now++;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 1));
      now--;
    });
    expect(most).toBe(4);
  });
});

it('puts things together by team', () => {
  const of = (slug: string, id: number) => ({ id, team: { slug } });
  const items = [of('ada', 1), of('grace', 2), of('ada', 3)];
  expect([...byTeam(items)].map(([team, all]) => [team, all.length])).toEqual([
    ['ada', 2],
    ['grace', 1],
  ]);
});
