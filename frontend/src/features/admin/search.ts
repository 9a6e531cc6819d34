/** The state of the list of users as the address holds it, and the query it makes. */
import type { UserQuery } from '@/api/types';

export const SORTS = ['username', '-username', '-created_at', 'created_at'] as const;
export type UserSort = (typeof SORTS)[number];

export interface UserSearch {
  q?: string;
  active?: boolean;
  sort?: UserSort;
}

export const DEFAULT_SORT: UserSort = 'username';

/** What of an address means something; the rest is left out rather than refused. */
export function readUserSearch(raw: Record<string, unknown>): UserSearch {
  const search: UserSearch = {};
  if (typeof raw.q === 'string' || typeof raw.q === 'number') {
    const q = String(raw.q).slice(0, 200);
    if (q.trim()) search.q = q;
  }
  if (typeof raw.active === 'boolean') search.active = raw.active;
  const sort = SORTS.find((one) => one === raw.sort);
  if (sort && sort !== DEFAULT_SORT) search.sort = sort;
  return search;
}

export const toUserQuery = ({ q, ...search }: UserSearch): UserQuery => ({
  ...search,
  ...(q ? { q: q.trim() } : {}),
});

export function withText({ q: _, ...rest }: UserSearch, text: string): UserSearch {
  return text.trim() ? { ...rest, q: text } : rest;
}

export function withActive(
  { active: _, ...rest }: UserSearch,
  active: boolean | null,
): UserSearch {
  return active === null ? rest : { ...rest, active };
}

export function withSort({ sort: _, ...rest }: UserSearch, sort: UserSort): UserSearch {
  return sort === DEFAULT_SORT ? rest : { ...rest, sort };
}
