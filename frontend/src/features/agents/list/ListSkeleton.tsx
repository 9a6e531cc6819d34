import { Skeleton } from '@mantine/core';
import type { Kind } from '@/features/kinds/kinds';
import classes from './list.module.css';

const widths = [46, 62, 38, 54, 70, 42, 58, 50, 66, 44];

/** Rows in the shape of those to come. */
export function ListSkeleton({ kind, narrow }: { kind: Kind; narrow: boolean }) {
  return (
    <div
      role="status"
      aria-label={`Loading ${kind.labels.toLowerCase()}`}
      className={classes.skeleton}
    >
      {widths.map((width) => (
        <div
          key={width}
          className={narrow ? classes.skeletonCard : classes.skeletonRow}
        >
          <Skeleton width={16} height={16} radius={4} />
          <div className={classes.skeletonText}>
            <Skeleton height={11} width={`${width / 2 + 8}%`} />
            <Skeleton height={9} width={`${width + 18}%`} />
          </div>
          {!narrow && <Skeleton height={9} width={320} />}
        </div>
      ))}
    </div>
  );
}
