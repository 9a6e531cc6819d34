/** Filters and orders that a person keeps under a name, in this browser. */
import { useLocalStorage } from '@mantine/hooks';
import type { Kind } from '@/features/kinds/kinds';
import { type AgentSearch, fromStart, readSearch } from '../search';

export interface View {
  name: string;
  search: AgentSearch;
}

export const NAME_LENGTH = 60;
const MOST = 50;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

export function readViews(text: string | undefined): View[] {
  try {
    const kept: unknown = JSON.parse(text ?? '');
    if (!Array.isArray(kept)) return [];
    return kept
      .filter(isRecord)
      .filter(({ name, search }) => typeof name === 'string' && isRecord(search))
      .map(({ name, search }) => ({
        name: String(name).slice(0, NAME_LENGTH),
        search: fromStart(readSearch(search as Record<string, unknown>)),
      }))
      .slice(0, MOST);
  } catch {
    return [];
  }
}

/** One of this name is replaced where it stands. */
export function withView(views: readonly View[], view: View): View[] {
  const kept = { name: view.name, search: fromStart(view.search) };
  return views.some(({ name }) => name === view.name)
    ? views.map((one) => (one.name === view.name ? kept : one))
    : [...views, kept].slice(-MOST);
}

/** Whether two searches find the same, in the same order. */
export const isSame = (one: AgentSearch, other: AgentSearch) =>
  JSON.stringify(readSearch({ ...fromStart(one) })) ===
  JSON.stringify(readSearch({ ...fromStart(other) }));

export function useViews(kind: Kind) {
  const [views, setViews] = useLocalStorage<View[]>({
    key: `roster-views-${kind.plural}`,
    defaultValue: [],
    deserialize: readViews,
    getInitialValueInEffect: false,
  });
  return {
    views,
    save: (view: View) => setViews((now) => withView(now, view)),
    remove: (name: string) =>
      setViews((now) => now.filter((view) => view.name !== name)),
  };
}
