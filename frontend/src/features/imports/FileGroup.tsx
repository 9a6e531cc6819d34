import { useInfiniteQuery } from '@tanstack/react-query';
import { ErrorState } from '@/ui/ErrorState';
import { RowsSkeleton } from '@/ui/skeletons';
import { BulkActions } from './BulkActions';
import { ChooseGroup } from './ChooseGroup';
import type { Chosen } from './chosen';
import { FileFilters } from './FileFilters';
import { FileList } from './FileList';
import classes from './imports.module.css';
import { type FileFilter, filesQuery } from './queries';
import type { ImportSearch } from './search';
import type { ImportOutcome, ImportPublic } from './types';
import { groups, importable } from './wording';

export interface Choice {
  chosen: Chosen;
  onChoose: (chosen: Chosen) => void;
}

interface FileGroupProps {
  of: ImportPublic;
  /** Null: of every group, by what the address says. */
  outcome: ImportOutcome | null;
  search?: ImportSearch;
  onSearch?: (search: ImportSearch) => void;
  /** Where files can be chosen to be applied. */
  choice?: Choice;
}

/** Below this many, nobody searches. */
const SEARCHED = 8;

/** One group: what it means, what to do with all of it, and its files. */
export function FileGroup({ of, outcome, search, onSearch, choice }: FileGroupProps) {
  const { rule, q, kind } = search ?? {};
  const takes = outcome === null || importable.includes(outcome);
  const filter: FileFilter = {
    outcome: outcome === null ? importable : [outcome],
    ...(takes ? { result: 'open' } : {}),
    ...(rule ? { rule } : {}),
    ...(q ? { q } : {}),
    ...(kind ? { kind: [kind] } : {}),
  };
  const files = useInfiniteQuery(filesQuery(of.id, filter));
  const items = files.data?.pages.flatMap((page) => page.items) ?? [];
  const narrowed = q !== undefined || kind !== undefined;
  const whole = outcome === null ? items.length : countOf(of, outcome);
  const total = files.data?.pages[0]?.total ?? (narrowed ? items.length : whole);
  const rows = Math.min(whole, 8) || 1;
  return (
    <>
      <div className={classes.groupHead}>
        <p>
          {outcome === null
            ? `Every open file in which ${rule} was found.`
            : groups[outcome].text}
        </p>
        {outcome !== null && !narrowed && <BulkActions of={of} outcome={outcome} />}
      </div>
      {onSearch && (whole >= SEARCHED || narrowed) && (
        <FileFilters of={of} search={search ?? {}} onSearch={onSearch} />
      )}
      {files.isPending && <RowsSkeleton rows={rows} />}
      {files.error && !files.data && (
        <ErrorState error={files.error} onRetry={() => files.refetch()} />
      )}
      {files.data && items.length === 0 && (
        <p className={classes.none}>
          {narrowed
            ? 'No file here matches that.'
            : 'No files are in this group any more.'}
        </p>
      )}
      {choice && takes && items.length > 0 && (
        <ChooseGroup
          of={of}
          {...choice}
          filter={filter}
          outcome={narrowed || rule ? null : outcome}
          files={items}
          total={total}
        />
      )}
      {items.length > 0 && (
        <FileList
          of={of}
          files={items}
          total={total}
          {...(choice && takes ? { choice } : {})}
          onEnd={() => {
            if (files.hasNextPage && !files.isFetching) void files.fetchNextPage();
          }}
        />
      )}
    </>
  );
}

const countOf = ({ counts, open }: ImportPublic, outcome: ImportOutcome) =>
  importable.includes(outcome) ? open[outcome] : counts[outcome];
