/** The state of an audit log as the address holds it, and the query that it makes. */
import type { AuditQuery } from '@/api/types';

export const FILTERS = ['action', 'actor', 'target', 'since', 'until'] as const;
export type AuditFilter = (typeof FILTERS)[number];
export type AuditSearch = Partial<Record<AuditFilter, string>>;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

const isDay = (filter: AuditFilter) => filter === 'since' || filter === 'until';

/** What of an address means something; the rest is left out rather than refused. */
export function readAuditSearch(raw: Record<string, unknown>): AuditSearch {
  const search: AuditSearch = {};
  for (const filter of FILTERS) {
    const value = raw[filter];
    const text =
      typeof value === 'string' || typeof value === 'number'
        ? String(value).trim()
        : '';
    if (!text || text.length > 100) continue;
    if (isDay(filter) && !(DAY.test(text) && Number.isFinite(Date.parse(text))))
      continue;
    search[filter] = text;
  }
  return search;
}

/** Days are those of the person who looks, and the last one is included. */
export function toAuditQuery({ since, until, ...search }: AuditSearch): AuditQuery {
  const query: AuditQuery = { ...search };
  if (since) query.since = new Date(`${since}T00:00`).toISOString();
  if (until) {
    const end = new Date(`${until}T00:00`);
    end.setDate(end.getDate() + 1);
    query.until = end.toISOString();
  }
  return query;
}

export function withFilter(
  search: AuditSearch,
  filter: AuditFilter,
  value: string,
): AuditSearch {
  const { [filter]: _, ...rest } = search;
  return value.trim() ? { ...rest, [filter]: value.trim() } : rest;
}
