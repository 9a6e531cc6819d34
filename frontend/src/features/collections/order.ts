/** The order of entries, and what follows from it, before the server has said so. */
import type { CollectionEntry } from '@/api/types';

type Entry = CollectionEntry;

const resolves = ({ state }: Entry) => state === 'ok' || state === 'yanked';
const placeOf = ({ kind, name }: Entry) => `${kind}:${name}`;

/** Of one kind and name, the topmost that stands for a revision goes first. */
export function withShadows(entries: readonly Entry[]): Entry[] {
  const first = new Map<string, string>();
  return entries.map((entry) => {
    if (!resolves(entry)) return { ...entry, shadowed_by: null };
    const winner = first.get(placeOf(entry));
    if (winner === undefined) first.set(placeOf(entry), entry.component_id);
    return { ...entry, shadowed_by: winner ?? null };
  });
}

/** Puts one entry at the place of another, as dragging it there does. */
export function moved(entries: readonly Entry[], id: string, over: string): Entry[] {
  const from = entries.findIndex(({ component_id }) => component_id === id);
  const to = entries.findIndex(({ component_id }) => component_id === over);
  const entry = entries[from];
  if (!entry || to < 0) return [...entries];
  const rest = entries.filter((other) => other !== entry);
  return withShadows([...rest.slice(0, to), entry, ...rest.slice(to)]);
}

/** The entry that one stands in front of; null at the end. */
export function nextOf(entries: readonly Entry[], id: string): string | null {
  const place = entries.findIndex(({ component_id }) => component_id === id);
  return entries[place + 1]?.component_id ?? null;
}

/** What the descriptions of all that is in force cost together. */
export const costOf = (entries: readonly Entry[]) =>
  entries
    .filter((entry) => resolves(entry) && entry.shadowed_by === null)
    .reduce((sum, entry) => sum + entry.description_tokens, 0);
