import { useMutation, useQueryClient } from '@tanstack/react-query';
import { isProblem } from '@/api/problem';
import type { CollectionDetail, CollectionEntry, EntryFollow } from '@/api/types';
import { toastDone, toastError } from '@/ui/toast';
import { changeEntry, keep, moveEntry, setEntries } from '../changes';
import { costOf, moved, nextOf, withShadows } from '../order';
import { collectionKeys } from '../queries';

type Entry = CollectionEntry;

interface Step {
  /** Sends it, on top of the collection as the server knows it by then. */
  send: (present: CollectionDetail) => Promise<CollectionDetail>;
  onDone?: () => void;
}

/** Changes of the entries: shown at once, and sent one after the other. */
export function useEntries(collection: CollectionDetail) {
  const client = useQueryClient();
  const key = collectionKeys.one(collection.team.slug, collection.name);
  const mutationKey = ['collections', collection.id, 'entries'];
  const read = () => client.getQueryData<CollectionDetail>(key) ?? collection;
  const show = (entries: Entry[]) => {
    // What was asked for before would undo it.
    void client.cancelQueries({ queryKey: key });
    client.setQueryData(key, {
      ...read(),
      entries,
      description_tokens: costOf(entries),
    });
  };
  const { mutate } = useMutation({
    mutationKey,
    scope: { id: `entries-${collection.id}` },
    mutationFn: async ({ send }: Step) => {
      await client.cancelQueries({ queryKey: key });
      return await send(read());
    },
    meta: { quiet: true },
    onSuccess: async (present, { onDone }) => {
      const others = client.isMutating({ mutationKey }) > 1;
      // What is shown is ahead of this answer while more is on its way.
      if (others) client.setQueryData(key, { ...read(), etag: present.etag });
      else await keep(client, present);
      onDone?.();
    },
    onError: async (error) => {
      if (isProblem(error, 'stale')) {
        toastError(new Error('Somebody changed the collection: it is shown anew.'));
      } else toastError(error);
      await client.invalidateQueries({ queryKey: key });
    },
  });

  const put = (id: string, over: string) => {
    if (id === over) return;
    const entries = moved(read().entries, id, over);
    const before = nextOf(entries, id);
    show(entries);
    mutate({ send: (present) => moveEntry(present, { component_id: id }, before) });
  };

  const follow = (entry: Entry, what: EntryFollow) =>
    mutate({ send: (present) => changeEntry(present, entry, what) });

  const insert = (entry: Entry, place: number) => {
    const put = (entries: readonly Entry[]) =>
      withShadows([...entries.slice(0, place), entry, ...entries.slice(place)]);
    const without = (entries: readonly Entry[]) =>
      entries.filter(({ component_id }) => component_id !== entry.component_id);
    show(put(without(read().entries)));
    mutate({ send: (present) => setEntries(present, read().entries) });
  };

  const remove = (entry: Entry) => {
    const { entries } = read();
    const place = entries.findIndex(
      ({ component_id }) => component_id === entry.component_id,
    );
    const rest = entries.filter((_, index) => index !== place);
    show(withShadows(rest));
    mutate({
      send: (present) => setEntries(present, rest),
      onDone: () => toastDone(`Took ${entry.name} out`, () => insert(entry, place)),
    });
  };

  return { put, follow, remove };
}

export type EntryActions = ReturnType<typeof useEntries>;
