/** What the addresses of these pages hold. */

const SORTS = ['name', '-updated_at'] as const;
const SHOWS = ['archived', 'deleted'] as const;
export const TABS = ['entries', 'releases', 'install', 'usage', 'settings'] as const;

export type Sort = (typeof SORTS)[number];
export type Show = (typeof SHOWS)[number];
export type Tab = (typeof TABS)[number];

export interface CollectionsSearch {
  q?: string;
  team?: string;
  show?: Show;
  sort?: Sort;
  new?: true;
}

export interface CollectionSearch {
  /** Installing has an address of its own. */
  tab?: Exclude<Tab, 'entries' | 'install'>;
  /** The release whose lock is shown. */
  release?: number;
  from?: number;
  to?: number;
  /** How far back it is told how often it was pulled. */
  days?: number;
}

export interface InstallSearch {
  target?: string;
  /** The newest, if nothing is said. */
  release?: number;
  /** The page says which there are. */
  way?: string;
  /** Of the export, whose content is shown. */
  file?: string;
}

const oneOf = <T extends string>(all: readonly T[], value: unknown): T | undefined =>
  all.find((one) => one === value);

const text = (value: unknown) =>
  typeof value === 'string' && value.trim() ? value : undefined;

const number = (value: unknown) =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;

/** Without what is undefined, so that addresses stay short. */
const present = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };

export const readCollectionsSearch = (
  search: Record<string, unknown>,
): CollectionsSearch =>
  present({
    q: text(search.q),
    team: text(search.team),
    show: oneOf(SHOWS, search.show),
    sort: oneOf(SORTS, search.sort),
    new: search.new ? (true as const) : undefined,
  });

export function readCollectionSearch(
  search: Record<string, unknown>,
): CollectionSearch {
  const tab = oneOf(TABS, search.tab);
  const [from, to] = [number(search.from), number(search.to)];
  return present({
    tab: tab === 'entries' || tab === 'install' ? undefined : tab,
    release: number(search.release),
    from: to ? from : undefined,
    to: from ? to : undefined,
    days: number(search.days),
  });
}

export function readInstallSearch(search: Record<string, unknown>): InstallSearch {
  return present({
    target: text(search.target),
    release: number(search.release),
    way: text(search.way),
    file: text(search.file),
  });
}
