import { Skeleton } from '@mantine/core';
import { RowsSkeleton } from '@/ui/skeletons';
import classes from './imports.module.css';

/** A preview on its way: headline, groups, rows. */
export function ImportSkeleton() {
  return (
    <div>
      <header className={classes.head}>
        <Skeleton height={30} width="min(640px, 92%)" mb={10} />
        <Skeleton height={30} width="min(420px, 64%)" mb={16} />
        <Skeleton height={12} width="min(280px, 80%)" />
      </header>
      <div className={classes.tabs}>
        <Skeleton height={14} width={220} my={10} />
      </div>
      <RowsSkeleton rows={6} />
    </div>
  );
}
