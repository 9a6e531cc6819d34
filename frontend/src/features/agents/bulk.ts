import { countOf, kindOf } from '@/features/kinds/kinds';

/** The same change to many things: some may fail, the others are done. */
export interface Failure<T> {
  item: T;
  error: Error;
}

export interface Outcome<T> {
  done: T[];
  failed: Failure<T>[];
}

/** "1 agent", "12 agents": a number of those, which are all of one kind. */
export const countedAs = (items: readonly { kind: string }[], count = items.length) =>
  countOf(kindOf(items[0]?.kind ?? 'agent'), count);

/** Items by the team they belong to, in the order of their first one. */
export function byTeam<T extends { team: { slug: string } }>(
  items: readonly T[],
): Map<string, T[]> {
  const teams = new Map<string, T[]>();
  for (const item of items) {
    const team = teams.get(item.team.slug);
    if (team) team.push(item);
    else teams.set(item.team.slug, [item]);
  }
  return teams;
}
