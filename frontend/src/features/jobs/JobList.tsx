import { Button, NativeSelect, SegmentedControl } from '@mantine/core';
import { IconActivity } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { RowsSkeleton } from '@/ui/skeletons';
import { JobRow } from './JobRow';
import classes from './list.module.css';
import { isActive } from './progress';
import { jobsQuery } from './queries';
import { type JobSearch, QUEUES, VIEWS, type View, withFilter } from './search';
import { queueWords } from './words';

const viewWords: Record<View, string> = {
  active: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Cancelled',
};
const views = [
  { value: 'all', label: 'All' },
  ...VIEWS.map((value) => ({ value, label: viewWords[value] })),
];
const queues = [
  { value: '', label: 'Every queue' },
  ...QUEUES.map((value) => ({ value, label: queueWords[value] })),
];

/** While something runs, its row is asked for so often, if no stream tells of it. */
const WATCH_MS = 3_000;

interface JobListProps {
  search: JobSearch;
  onSearch: (search: JobSearch) => void;
  /** What the place is for, when it is empty and nothing is left out. */
  none: ReactNode;
  withQueues?: boolean;
}

/** Jobs, the newest first, by what the address says. */
export function JobList(props: JobListProps) {
  const { search, onSearch, none, withQueues = false } = props;
  const list = useInfiniteQuery({
    ...jobsQuery(search),
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some(isActive)) ? WATCH_MS : false,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = Boolean(search.state || search.queue || search.kind);
  const { scope } = search;
  return (
    <>
      <form
        className={classes.filters}
        aria-label="Filters"
        onSubmit={(event) => event.preventDefault()}
      >
        <SegmentedControl
          aria-label="Which jobs"
          className={classes.views ?? ''}
          data={views}
          value={search.state ?? 'all'}
          onChange={(value) => onSearch(withFilter(search, 'state', value))}
        />
        {withQueues && (
          <NativeSelect
            aria-label="Queue"
            size="xs"
            data={queues}
            value={search.queue ?? ''}
            onChange={({ currentTarget }) =>
              onSearch(withFilter(search, 'queue', currentTarget.value))
            }
          />
        )}
        {search.kind && (
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            onClick={() => onSearch(withFilter(search, 'kind', ''))}
          >
            Every kind, not only {search.kind}
          </Button>
        )}
      </form>
      {list.isPending && <RowsSkeleton rows={6} />}
      {list.error && !list.data && (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.data && items.length === 0 && (
        <EmptyState
          icon={IconActivity}
          title={filtered ? 'No job is like that' : 'No jobs here'}
          {...(filtered && {
            action: (
              <Button onClick={() => onSearch(scope ? { scope } : {})}>
                Show all jobs
              </Button>
            ),
          })}
        >
          {!filtered && none}
        </EmptyState>
      )}
      {items.length > 0 && (
        <ul
          className={classes.jobs}
          aria-label="Jobs"
          data-stale={list.isPlaceholderData || undefined}
        >
          {items.map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button
          mt="sm"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  );
}
