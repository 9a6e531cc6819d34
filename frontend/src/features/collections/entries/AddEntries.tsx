import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { CollectionDetail, ComponentPublic } from '@/api/types';
import { Check } from '@/features/agents/Check';
import { ErrorState } from '@/ui/ErrorState';
import { FormError } from '@/ui/FormError';
import { KindBadge } from '@/ui/facts';
import { RowsSkeleton } from '@/ui/skeletons';
import { toastDone } from '@/ui/toast';
import { addComponents, keep } from '../changes';
import { pickableQuery } from '../queries';
import { entryCount } from '../words';
import classes from './entries.module.css';

interface AddEntriesProps {
  collection: CollectionDetail;
  onClose: () => void;
}

/** Search among all components, choose several, add them at the end. */
export default function AddEntries({ collection, onClose }: AddEntriesProps) {
  const client = useQueryClient();
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 200);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const list = useInfiniteQuery(pickableQuery(q));
  const there = new Set(collection.entries.map(({ component_id }) => component_id));
  const items = (list.data?.pages.flatMap((page) => page.items) ?? []).filter(
    ({ latest }) => latest !== null,
  );
  const add = useMutation({
    mutationFn: () => addComponents(collection, [...chosen]),
    meta: { quiet: true },
    onSuccess: async ({ added, collection: present }) => {
      await keep(client, present);
      toastDone(`Added ${entryCount(added.length)}`);
      onClose();
    },
  });
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
    if (add.error) add.reset();
  };
  return (
    <Modal opened centered size="lg" onClose={onClose} title="Add entries">
      <TextInput
        type="search"
        aria-label="Search components"
        placeholder="Name, description or text"
        maxLength={200}
        data-autofocus
        leftSection={<IconSearch size={15} stroke={1.8} aria-hidden />}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      <div className={classes.picker}>
        {list.isPending && <RowsSkeleton rows={6} />}
        {list.error && !list.data && (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        )}
        {list.data && items.length === 0 && (
          <p className="muted">No component that you see is like that.</p>
        )}
        <ul className={classes.choices} aria-label="Components">
          {items.map((component) => (
            <Choice
              key={component.id}
              component={component}
              there={there.has(component.id)}
              chosen={chosen.has(component.id)}
              onToggle={() => toggle(component.id)}
            />
          ))}
        </ul>
        {list.hasNextPage && (
          <Button
            size="xs"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Show more
          </Button>
        )}
      </div>
      <FormError error={add.error} />
      <Group justify="flex-end" gap="xs" mt="md">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          variant="filled"
          disabled={chosen.size === 0}
          loading={add.isPending}
          onClick={() => add.mutate()}
        >
          {chosen.size === 0 ? 'Add' : `Add ${entryCount(chosen.size)}`}
        </Button>
      </Group>
    </Modal>
  );
}

interface ChoiceProps {
  component: ComponentPublic;
  there: boolean;
  chosen: boolean;
  onToggle: () => void;
}

function Choice({ component, there, chosen, onToggle }: ChoiceProps) {
  const id = useId();
  return (
    <li className={classes.choice}>
      <Check
        id={id}
        checked={there || chosen}
        disabled={there}
        onChange={onToggle}
        aria-describedby={`${id}-about`}
      />
      <label htmlFor={id} className={classes.choiceText}>
        <span className={classes.choiceName}>{component.name}</span>
        <span className="mono muted">{component.team.slug}</span>
      </label>
      <KindBadge kind={component.kind} />
      <span id={`${id}-about`} className={classes.choiceAbout}>
        {there ? 'In the collection already' : component.description}
      </span>
    </li>
  );
}
