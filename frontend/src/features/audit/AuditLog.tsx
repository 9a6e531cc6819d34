import { Button } from '@mantine/core';
import { IconDownload, IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { RowsSkeleton } from '@/ui/skeletons';
import { AuditEntry } from './AuditEntry';
import { AuditFilters } from './AuditFilters';
import classes from './audit.module.css';
import { auditQuery, downloadAudit } from './queries';
import type { AuditSearch } from './search';

interface AuditLogProps {
  /** Null: of the whole instance. */
  team: string | null;
  search: AuditSearch;
  onSearch: (search: AuditSearch) => void;
}

/** Who did what, when, from where: to be filtered and taken along, never changed. */
export function AuditLog({ team, search, onSearch }: AuditLogProps) {
  const events = useInfiniteQuery(auditQuery(team, search));
  const download = useMutation({ mutationFn: () => downloadAudit(team, search) });
  const items = events.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = Object.keys(search).length > 0;
  return (
    <>
      <div className={classes.toolbar}>
        <AuditFilters search={search} onSearch={onSearch} />
        <Button
          leftSection={<IconDownload size={16} stroke={1.7} aria-hidden />}
          loading={download.isPending}
          onClick={() => download.mutate()}
        >
          Export as NDJSON
        </Button>
      </div>
      {events.isPending && <RowsSkeleton rows={8} />}
      {events.error && !events.data && (
        <ErrorState error={events.error} onRetry={() => void events.refetch()} />
      )}
      {events.data && items.length === 0 && (
        <EmptyState
          icon={IconHistory}
          title={filtered ? 'No event is like that' : 'Nothing happened yet'}
          action={
            filtered && <Button onClick={() => onSearch({})}>Clear the filters</Button>
          }
        >
          {filtered
            ? 'Other filters may find it.'
            : 'Every change, and every look at something sensitive, is written here.'}
        </EmptyState>
      )}
      {items.length > 0 && (
        <ul
          className={classes.events}
          aria-label="Events"
          data-stale={events.isPlaceholderData || undefined}
        >
          {items.map((event) => (
            <AuditEntry key={event.id} event={event} />
          ))}
        </ul>
      )}
      {events.hasNextPage && (
        <Button
          mt="sm"
          onClick={() => void events.fetchNextPage()}
          loading={events.isFetchingNextPage}
        >
          Show more
        </Button>
      )}
    </>
  );
}
