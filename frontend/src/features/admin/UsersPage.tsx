import { Button, NativeSelect, SegmentedControl } from '@mantine/core';
import { IconUserSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { RowsSkeleton } from '@/ui/skeletons';
import classes from './admin.module.css';
import { usersQuery } from './queries';
import { SearchField } from './SearchField';
import * as state from './search';
import { UserTable } from './UserTable';

const sorts: Record<state.UserSort, string> = {
  username: 'Name',
  '-username': 'Name, from the end',
  '-created_at': 'Newest',
  created_at: 'Oldest',
};

const filters = [
  { value: 'all', label: 'All' },
  { value: 'active', label: 'Active' },
  { value: 'inactive', label: 'Deactivated' },
];

interface UsersPageProps {
  search: state.UserSearch;
  onSearch: (search: state.UserSearch, replace?: boolean) => void;
}

/** Everybody who has an account. */
export function UsersPage({ search, onSearch }: UsersPageProps) {
  const users = useInfiniteQuery(usersQuery(search));
  const items = users.data?.pages.flatMap((page) => page.items) ?? [];
  const active = search.active;
  return (
    <>
      <div className={classes.toolbar}>
        <SearchField
          value={search.q ?? ''}
          onChange={(text) => onSearch(state.withText(search, text), true)}
        />
        <SegmentedControl
          aria-label="Which accounts"
          data={filters}
          value={active === undefined ? 'all' : active ? 'active' : 'inactive'}
          onChange={(value) =>
            onSearch(
              state.withActive(search, value === 'all' ? null : value === 'active'),
            )
          }
        />
        <NativeSelect
          aria-label="Sort by"
          data={state.SORTS.map((value) => ({ value, label: sorts[value] }))}
          value={search.sort ?? state.DEFAULT_SORT}
          onChange={({ currentTarget }) => {
            const sort = state.SORTS.find((one) => one === currentTarget.value);
            if (sort) onSearch(state.withSort(search, sort));
          }}
        />
      </div>
      {users.isPending && <RowsSkeleton rows={8} />}
      {users.error && !users.data && (
        <ErrorState error={users.error} onRetry={() => void users.refetch()} />
      )}
      {users.data && items.length === 0 && (
        <EmptyState
          icon={IconUserSearch}
          title="Nobody is like that"
          action={<Button onClick={() => onSearch({})}>Show everybody</Button>}
        >
          Names, display names and addresses are searched.
        </EmptyState>
      )}
      {items.length > 0 && <UserTable users={items} stale={users.isPlaceholderData} />}
      {users.hasNextPage && (
        <Button
          mt="sm"
          onClick={() => void users.fetchNextPage()}
          loading={users.isFetchingNextPage}
        >
          Show more
        </Button>
      )}
    </>
  );
}
