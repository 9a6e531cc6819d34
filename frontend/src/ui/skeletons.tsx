import { Skeleton } from '@mantine/core';
import classes from './ui.module.css';

const widths = ['62%', '48%', '71%', '55%', '66%', '44%'];

/** Rows of a table that is on its way. */
export function RowsSkeleton({ rows = 8 }: { rows?: number }) {
  return (
    <div role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows without identity
        <div key={index} className={classes.skeletonRow}>
          <Skeleton height={12} width={140} />
          <Skeleton height={12} width={widths[index % widths.length] ?? '60%'} />
        </div>
      ))}
    </div>
  );
}

/** A text that is on its way. */
export function TextSkeleton({ lines = 6 }: { lines?: number }) {
  return (
    <div role="status" aria-label="Loading" className={classes.skeletonText}>
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton
          // biome-ignore lint/suspicious/noArrayIndexKey: lines without identity
          key={index}
          height={12}
          width={widths[index % widths.length] ?? '60%'}
        />
      ))}
    </div>
  );
}
