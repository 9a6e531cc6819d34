import { useQuery } from '@tanstack/react-query';
import { ErrorState } from '@/ui/ErrorState';
import { RowsSkeleton } from '@/ui/skeletons';
import classes from './imports.module.css';
import { allFilesQuery } from './queries';
import { ReportList } from './ReportList';
import type { ImportPublic } from './types';
import { importable } from './wording';

/** The part of an import that is stored while the rest is still to be decided. */
export function AppliedSoFar({ of }: { of: ImportPublic }) {
  const files = useQuery(
    allFilesQuery(of.id, { outcome: importable, result: 'applied' }),
  );
  return (
    <>
      <div className={classes.groupHead}>
        <p>These are in the registry; the other groups hold what is still open.</p>
      </div>
      {files.isPending && <RowsSkeleton />}
      {files.error && !files.data && (
        <ErrorState error={files.error} onRetry={() => files.refetch()} />
      )}
      {files.data && <ReportList of={of} files={files.data} />}
    </>
  );
}
