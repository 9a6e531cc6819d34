/** Which two revisions are compared. */
export interface Comparison {
  from: number;
  to: number;
}

/** The older one first. */
export const comparisonOf = (a: number, b: number): Comparison => ({
  from: Math.min(a, b),
  to: Math.max(a, b),
});

/** A click on a revision's box: at most two stay, the earlier pick goes first. */
export function pick(picked: readonly number[], number: number): number[] {
  if (picked.includes(number)) return picked.filter((one) => one !== number);
  return [...picked, number].slice(-2);
}

export interface ComponentSearch {
  tab?: Tab;
  revision?: number;
  from?: number;
  to?: number;
  /** Which file of a skill is shown; its main one, if nothing is said. */
  file?: string;
  /** How far back it is told how often it was pulled. */
  days?: number;
}

export const TABS = [
  'read',
  'source',
  'files',
  'revisions',
  'usage',
  'upstream',
  'settings',
] as const;
export type Tab = (typeof TABS)[number];

const MAX = 2 ** 31 - 1;

function numberOf(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isInteger(number) && number >= 1 && number <= MAX ? number : undefined;
}

const PATH_LENGTH = 512;

function fileOf(value: unknown): { file?: string } {
  // The router reads `?file=12` as a number.
  const path = typeof value === 'number' ? String(value) : value;
  const fits = typeof path === 'string' && path !== '' && path.length <= PATH_LENGTH;
  return fits ? { file: path } : {};
}

/** Tab, revision and comparison as the address holds them. */
export function readComponentSearch(raw: Record<string, unknown>): ComponentSearch {
  const tab = TABS.find((one) => one === raw.tab);
  const search: ComponentSearch = tab && tab !== 'read' ? { tab } : {};
  const from = numberOf(raw.from);
  const to = numberOf(raw.to);
  const revision = numberOf(raw.revision);
  if (search.tab === 'revisions') {
    if (from && to && from !== to) return { ...search, from, to };
    return search;
  }
  if (search.tab === 'usage') {
    const days = numberOf(raw.days);
    return days ? { ...search, days } : search;
  }
  if (search.tab === 'settings' || search.tab === 'upstream') return search;
  const file = search.tab === 'files' ? fileOf(raw.file) : {};
  return revision ? { ...search, revision, ...file } : { ...search, ...file };
}
