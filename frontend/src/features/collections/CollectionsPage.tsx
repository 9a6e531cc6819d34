import { Button, NativeSelect, TextInput } from '@mantine/core';
import { IconSearch, IconStack2 } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { ListNews } from '@/features/live/ListNews';
import { useDelayedText } from '@/lib/use-delayed-text';
import { useUser } from '@/lib/use-session';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { PageHeader } from '@/ui/PageHeader';
import { RowsSkeleton } from '@/ui/skeletons';
import { CollectionItem } from './CollectionItem';
import classes from './collections.module.css';
import { collectionsQuery } from './queries';
import type { CollectionsSearch, Show, Sort } from './search';

const NewCollection = lazy(() => import('./NewCollection'));

interface CollectionsPageProps {
  search: CollectionsSearch;
  onSearch: (search: CollectionsSearch) => void;
}

/** What is shipped together: every collection that this person sees. */
export function CollectionsPage({ search, onSearch }: CollectionsPageProps) {
  const list = useInfiniteQuery(collectionsQuery(search));
  const mayMake = useUser()?.teams.some(({ role }) => role !== 'viewer') ?? false;
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = Boolean(search.q || search.team || search.show);
  const { new: _making, ...rest } = search;
  const create = mayMake && (
    <Button variant="filled" onClick={() => onSearch({ ...search, new: true })}>
      New collection
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Collections"
        description="What is shipped together: components in an order that decides, released with exact locks."
        actions={create}
      />
      <Filters search={rest} onSearch={onSearch} />
      <ListNews queryKey={collectionsQuery(search).queryKey} />
      {list.isPending && <RowsSkeleton rows={6} />}
      {list.error && !list.data && (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.data && items.length === 0 && <Nothing filtered={filtered} />}
      {items.length > 0 && (
        <ul className={classes.list} aria-label="Collections">
          {items.map((collection) => (
            <CollectionItem key={collection.id} collection={collection} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button
          mt="sm"
          onClick={() => void list.fetchNextPage()}
          loading={list.isFetchingNextPage}
        >
          Show more
        </Button>
      )}
      {search.new && (
        <Suspense>
          <NewCollection onClose={() => onSearch(rest)} />
        </Suspense>
      )}
    </>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <EmptyState icon={IconSearch} title="No collection is like that">
      Look for something else, or show all again.
    </EmptyState>
  ) : (
    <EmptyState icon={IconStack2} title="No collections yet">
      A collection holds agents, skills, commands and servers that belong together. Its
      releases never change, so that everybody who takes one has the same.
    </EmptyState>
  );
}

function Filters({ search, onSearch }: CollectionsPageProps) {
  const teams = useUser()?.teams ?? [];
  const { text, type, send } = useDelayedText(search.q ?? '', (q) => {
    const { q: _before, ...others } = search;
    onSearch(q.trim() ? { ...others, q } : others);
  });
  const set = (key: 'team' | 'show' | 'sort', value: string) => {
    const { [key]: _before, ...others } = search;
    onSearch(value ? { ...others, [key]: value as Show & Sort } : others);
  };
  return (
    <search className={classes.filters}>
      <TextInput
        type="search"
        className={classes.search ?? ''}
        aria-label="Search collections"
        placeholder="Name or title"
        maxLength={200}
        leftSection={<IconSearch size={15} stroke={1.8} aria-hidden />}
        value={text}
        onChange={({ currentTarget }) => type(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') send(text);
          if (event.key === 'Escape' && text) send('');
        }}
      />
      <NativeSelect
        aria-label="Team"
        value={search.team ?? ''}
        onChange={({ currentTarget }) => set('team', currentTarget.value)}
        data={[
          { value: '', label: 'All teams' },
          ...teams.map(({ slug, name }) => ({ value: slug, label: name })),
        ]}
      />
      <NativeSelect
        aria-label="Which collections"
        value={search.show ?? ''}
        onChange={({ currentTarget }) => set('show', currentTarget.value)}
        data={[
          { value: '', label: 'In use' },
          { value: 'archived', label: 'Archived' },
          { value: 'deleted', label: 'Deleted' },
        ]}
      />
      <NativeSelect
        aria-label="Order"
        value={search.sort ?? ''}
        onChange={({ currentTarget }) => set('sort', currentTarget.value)}
        data={[
          { value: '', label: 'Changed last' },
          { value: 'name', label: 'Name' },
        ]}
      />
    </search>
  );
}
