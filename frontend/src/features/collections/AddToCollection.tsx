import { Button, Group, Modal, Radio, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ComponentPublic } from '@/api/types';
import { ErrorState } from '@/ui/ErrorState';
import { FormError } from '@/ui/FormError';
import { RowsSkeleton } from '@/ui/skeletons';
import { toastDone } from '@/ui/toast';
import { addComponents, keep } from './changes';
import classes from './collections.module.css';
import { editableQuery } from './queries';
import { entryCount } from './words';

interface AddToCollectionProps {
  components: readonly Pick<ComponentPublic, 'id' | 'name'>[];
  onClose: () => void;
}

/** Adds components to a collection of choice; for every page that shows components. */
export default function AddToCollection({ components, onClose }: AddToCollectionProps) {
  const client = useQueryClient();
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 200);
  const [chosen, setChosen] = useState('');
  const list = useInfiniteQuery(editableQuery(q));
  const collections = list.data?.pages.flatMap((page) => page.items) ?? [];
  const add = useMutation({
    mutationFn: (id: string) =>
      addComponents(
        { id },
        components.map((component) => component.id),
      ),
    meta: { quiet: true },
    onSuccess: async ({ added, collection }) => {
      await keep(client, collection);
      toastDone(
        added.length === 0
          ? `All of it is in ${collection.reference} already`
          : `Added ${entryCount(added.length)} to ${collection.reference}`,
      );
      onClose();
    },
  });
  const what =
    components.length === 1 ? components[0]?.name : entryCount(components.length);
  return (
    <Modal opened centered onClose={onClose} title={`Add ${what} to a collection`}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen) add.mutate(chosen);
        }}
      >
        <TextInput
          type="search"
          aria-label="Search collections"
          placeholder="Name or title"
          maxLength={200}
          data-autofocus
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        {list.isPending && <RowsSkeleton rows={3} />}
        {list.error && !list.data && (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        )}
        {list.data && collections.length === 0 && (
          <p className="muted">You edit no collection that is like that.</p>
        )}
        <Radio.Group
          aria-label="Collection"
          value={chosen}
          onChange={(value) => {
            setChosen(value);
            if (add.error) add.reset();
          }}
        >
          <div className={classes.choices}>
            {collections.map(({ id, title, name, reference, entry_count }) => (
              <Radio
                key={id}
                size="sm"
                value={id}
                label={title || name}
                description={`${reference}, ${entryCount(entry_count)}`}
              />
            ))}
          </div>
        </Radio.Group>
        {list.hasNextPage && (
          <Button
            size="xs"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Show more
          </Button>
        )}
        <FormError error={add.error} />
        <Group justify="flex-end" gap="xs">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="filled"
            disabled={!chosen}
            loading={add.isPending}
          >
            Add
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
