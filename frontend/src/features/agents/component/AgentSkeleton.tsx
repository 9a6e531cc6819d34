import { Skeleton } from '@mantine/core';
import { PageHeader } from '@/ui/PageHeader';
import { TextSkeleton } from '@/ui/skeletons';
import classes from './component.module.css';

/** The page before its data is there: the name is known already. */
export function AgentSkeleton({ name }: { name: string }) {
  return (
    <div className={classes.page}>
      <PageHeader
        title={
          <span className={classes.title}>
            <span className="mono">{name}</span>
          </span>
        }
        description={<Skeleton height={11} width={360} maw="80%" mt={9} />}
      />
      <div className={classes.tabs} aria-hidden="true">
        {[40, 52, 76].map((width) => (
          <Skeleton key={width} height={11} width={width} my={12} mr={20} />
        ))}
      </div>
      <TextSkeleton lines={10} />
    </div>
  );
}
