/** What of the list of reviews the address holds, and the query that it makes. */
import type { PromotionQuery } from '@/api/types';

export const VIEWS = ['needs-me', 'open', 'mine', 'all'] as const;
export type View = (typeof VIEWS)[number];

export interface ReviewSearch {
  /** What is open, without it. */
  view?: Exclude<View, 'open'>;
  team?: string;
  label?: string;
}

const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

function nameIn(value: unknown, longest: number): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text.length > longest) return undefined;
  return NAME.test(text) ? text : undefined;
}

/** What of an address means something; the rest is left out rather than refused. */
export function readReviewSearch(raw: Record<string, unknown>): ReviewSearch {
  const view = VIEWS.find((one) => one === raw.view);
  const team = nameIn(raw.team, 40);
  const label = nameIn(raw.label, 64);
  return {
    ...(view && view !== 'open' ? { view } : {}),
    ...(team ? { team } : {}),
    ...(label ? { label } : {}),
  };
}

export function toReviewQuery({ view, ...filters }: ReviewSearch): PromotionQuery {
  const query: PromotionQuery = { ...filters, limit: 30 };
  if (view === 'needs-me') query.needs_me = true;
  if (view === 'mine') query.mine = true;
  if (view === undefined) query.state = 'open';
  return query;
}

export function withFilter(
  search: ReviewSearch,
  filter: 'team' | 'label',
  value: string,
): ReviewSearch {
  const { [filter]: _, ...rest } = search;
  const named = nameIn(value.trim().toLowerCase(), 64);
  return named ? { ...rest, [filter]: named } : rest;
}
