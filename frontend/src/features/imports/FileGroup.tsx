import { useInfiniteQuery } from '@tanstack/react-query';
import type { ImportOutcome, ImportPublic } from '@/api/types';
import { ErrorState } from '@/ui/ErrorState';
import { RowsSkeleton } from '@/ui/skeletons';
import { BulkActions } from './BulkActions';
import { FileList } from './FileList';
import classes from './imports.module.css';
import { filesQuery } from './queries';
import { groups } from './wording';

interface FileGroupProps {
  of: ImportPublic;
  outcome: ImportOutcome;
}

/** One group: what it means, what to do with all of it, and its files. */
export function FileGroup({ of, outcome }: FileGroupProps) {
  const files = useInfiniteQuery(filesQuery(of.id, outcome));
  const items = files.data?.pages.flatMap((page) => page.items) ?? [];
  const rows = Math.min(of.counts[outcome], 8) || 1;
  return (
    <>
      <div className={classes.groupHead}>
        <p>{groups[outcome].text}</p>
        <BulkActions of={of} outcome={outcome} />
      </div>
      {files.isPending && <RowsSkeleton rows={rows} />}
      {files.error && !files.data && (
        <ErrorState error={files.error} onRetry={() => files.refetch()} />
      )}
      {files.data && items.length === 0 && (
        <p className={classes.none}>No files are in this group any more.</p>
      )}
      {items.length > 0 && (
        <FileList
          of={of}
          files={items}
          total={of.counts[outcome]}
          onEnd={() => {
            if (files.hasNextPage && !files.isFetching) void files.fetchNextPage();
          }}
        />
      )}
    </>
  );
}
