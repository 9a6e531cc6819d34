/** The state of the list as the address holds it, and the query that it makes. */
import type { AgentQuery, Visibility, Worst } from '@/api/types';
import { KIND_FACETS, type Kind, type KindFacet } from '@/features/kinds/kinds';

/** What the lists of every kind are filtered by, and what it is called. */
export const COMMON_FACETS = {
  team: 'Team',
  label: 'Label',
  health: 'Health',
  licence: 'Licence',
  visibility: 'Visibility',
  deprecated: 'State',
  upstream: 'Upstream',
} as const;
export type FacetName = keyof typeof COMMON_FACETS | KindFacet;

const around = (facets: readonly KindFacet[]): readonly FacetName[] => [
  'team',
  ...facets,
  'label',
  'health',
  'licence',
  'visibility',
  'deprecated',
  'upstream',
];

export const FACET_TITLES: Record<FacetName, string> = {
  ...COMMON_FACETS,
  ...KIND_FACETS,
};

/** What the lists of a kind are filtered by, in the order in which it is shown. */
export const facetsOf = (kind: Kind) => around(kind.facets);

/** Those of any kind: an address holds them all alike. */
export const FACETS = around(Object.keys(KIND_FACETS) as KindFacet[]);

export const SORTS = [
  'name',
  '-name',
  'updated_at',
  '-updated_at',
  'created_at',
  '-created_at',
  'description_tokens',
  '-description_tokens',
  'errors',
  '-errors',
  'relevance',
] as const;
export type Sort = (typeof SORTS)[number];

/** Several values of a facet stand in one parameter: `?tool=Read,Grep`. */
export interface AgentSearch extends Partial<Record<FacetName, string>> {
  q?: string;
  sort?: Sort;
  deleted?: true;
  /** Where a long list goes on: the cursor of the rows before. */
  after?: string;
}

export const PAGE_SIZE = 50;
/** What some facets have for values; the others may have any. */
const CHOICES: Partial<Record<FacetName, readonly string[]>> = {
  health: ['error', 'warning', 'info', 'fine'] satisfies Worst[],
  visibility: ['private', 'internal', 'public'] satisfies Visibility[],
  deprecated: ['true', 'false'],
  upstream: ['available', 'any'],
};

/** A value may hold commas itself, as in `Bash(git add, git commit)`. */
const escapeValue = (value: string) => value.replace(/[\\,]/g, '\\$&');

export function splitValues(text: string | undefined): string[] {
  const parts = text?.match(/(?:\\.|[^,\\])+/gs) ?? [];
  return [...new Set(parts.map((part) => part.replace(/\\(.)/gs, '$1').trim()))].filter(
    Boolean,
  );
}

export const joinValues = (values: readonly string[]) =>
  values.map(escapeValue).join(',');

export const valuesOf = (search: AgentSearch, facet: FacetName) =>
  splitValues(search[facet]);

function textOf(value: unknown): string {
  // The router reads `?q=12` as a number.
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';
}

function facetText(value: unknown, facet: FacetName): string {
  const values = Array.isArray(value)
    ? value.map(textOf).filter(Boolean)
    : splitValues(textOf(value));
  const choices = CHOICES[facet];
  return joinValues(choices ? values.filter((one) => choices.includes(one)) : values);
}

/** What of an address means something; the rest is left out rather than refused. */
export function readSearch(raw: Record<string, unknown>): AgentSearch {
  const search: AgentSearch = {};
  const q = textOf(raw.q).slice(0, 500);
  if (q.trim()) search.q = q;
  for (const facet of FACETS) {
    const text = facetText(raw[facet], facet);
    if (text) search[facet] = text;
  }
  const sort = SORTS.find((one) => one === raw.sort);
  if (sort && (sort !== 'relevance' || search.q)) search.sort = sort;
  if (raw.deleted === true || raw.deleted === 'true') search.deleted = true;
  const after = textOf(raw.after).slice(0, 2000);
  if (after) search.after = after;
  return search;
}

export function toQuery(search: AgentSearch, facets = FACETS): AgentQuery {
  const query: AgentQuery = {
    limit: PAGE_SIZE,
    count: true,
    ...toFilters(search, facets),
  };
  if (search.sort) query.sort = search.sort;
  if (query.q) query.highlights = true;
  return query;
}

/** The part of the query that decides what is found, in whatever order. */
export function toFilters(search: AgentSearch, facets = FACETS): AgentQuery {
  const query: AgentQuery = {};
  if (search.q) query.q = search.q.trim();
  for (const facet of facets) {
    const values = valuesOf(search, facet);
    if (facet === 'deprecated') {
      // Both of them is all there are.
      if (values.length === 1) query.deprecated = values[0] === 'true';
    } else if (facet === 'upstream') {
      // Any of them has those with an update among it.
      const upstream = values.includes('any') ? 'any' : values[0];
      if (upstream) Object.assign(query, { upstream });
    } else if (values.length > 0) Object.assign(query, { [facet]: values });
  }
  if (search.deleted) query.deleted = true;
  return query;
}

function withValues(search: AgentSearch, facet: FacetName, values: readonly string[]) {
  const { [facet]: _, ...rest } = search;
  return values.length > 0 ? { ...rest, [facet]: joinValues(values) } : rest;
}

export function toggleValue(
  search: AgentSearch,
  facet: FacetName,
  value: string,
): AgentSearch {
  const values = valuesOf(search, facet);
  return withValues(
    search,
    facet,
    values.includes(value) ? values.filter((one) => one !== value) : [...values, value],
  );
}

export function withText(search: AgentSearch, text: string): AgentSearch {
  const { q: _, sort, ...rest } = search;
  const kept = sort && (sort !== 'relevance' || text.trim()) ? { ...rest, sort } : rest;
  return text.trim() ? { ...kept, q: text } : kept;
}

export function withSort(search: AgentSearch, sort: Sort | undefined): AgentSearch {
  const { sort: _, ...rest } = search;
  return sort ? { ...rest, sort } : rest;
}

export const withoutFilters = ({ sort, deleted }: AgentSearch): AgentSearch => ({
  ...(sort && sort !== 'relevance' ? { sort } : {}),
  ...(deleted ? { deleted } : {}),
});

export function withDeleted(search: AgentSearch, deleted: boolean): AgentSearch {
  const { deleted: _, ...rest } = search;
  return deleted ? { ...rest, deleted } : rest;
}

/** The first rows of another list: where this one goes on means nothing there. */
export function fromStart({ after: _, ...search }: AgentSearch): AgentSearch {
  return search;
}

export const filterCount = (search: AgentSearch) =>
  FACETS.reduce((sum, facet) => sum + valuesOf(search, facet).length, 0);

export const isFiltered = (search: AgentSearch) =>
  Boolean(search.q) || filterCount(search) > 0;

/** The order that the server takes where the address names none. */
export const sortOf = (search: AgentSearch): Sort =>
  search.sort ?? (search.q ? 'relevance' : '-updated_at');

export type SortColumn = 'name' | 'description_tokens' | 'updated_at';

/** A click on a column's header: its own direction first, then the other one. */
export function nextSort(search: AgentSearch, column: SortColumn): Sort {
  const first: Sort = column === 'name' ? 'name' : `-${column}`;
  const second: Sort = column === 'name' ? '-name' : column;
  return sortOf(search) === first ? second : first;
}
