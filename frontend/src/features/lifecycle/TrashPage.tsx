import { Button } from '@mantine/core';
import { IconRestore, IconTrash } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ComponentPublic } from '@/api/types';
import { restoreComponent } from '@/features/agents/changes';
import { useChange } from '@/features/agents/component/use-change';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { KindBadge, RelativeTime } from '@/ui/facts';
import { PageHeader } from '@/ui/PageHeader';
import { RowsSkeleton } from '@/ui/skeletons';
import { toastDone, toastError } from '@/ui/toast';
import classes from './lifecycle.module.css';
import { trashQuery } from './queries';

/** What was deleted in the teams that this person owns. */
export function TrashPage() {
  const trash = useInfiniteQuery(trashQuery);
  const items = trash.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader
        title="Trash"
        description="What was deleted in teams that you own. Restoring brings all of it back."
      />
      {trash.isPending && <RowsSkeleton rows={4} />}
      {trash.error && !trash.data && (
        <ErrorState error={trash.error} onRetry={() => void trash.refetch()} />
      )}
      {trash.data && items.length === 0 && (
        <EmptyState icon={IconTrash} title="The trash is empty">
          What owners delete is kept here, with its revisions and its name.
        </EmptyState>
      )}
      {items.length > 0 && (
        <ul className={classes.list} aria-label="Deleted">
          {items.map((item) => (
            <TrashRow key={item.id} component={item} />
          ))}
        </ul>
      )}
      {trash.hasNextPage && (
        <Button
          mt="sm"
          onClick={() => void trash.fetchNextPage()}
          loading={trash.isFetching}
        >
          Show more
        </Button>
      )}
    </>
  );
}

function TrashRow({ component }: { component: ComponentPublic }) {
  const { name, team, deleted_at: at, deletion_reason: reason } = component;
  const restore = useChange(
    () => restoreComponent(component),
    () => toastDone(`Restored ${name}`),
  );
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <div className={classes.name}>
          <span className="mono">
            {team.slug}/{name}
          </span>
          <KindBadge kind={component.kind} />
        </div>
        <div className={classes.meta}>
          {at && (
            <span>
              Deleted <RelativeTime at={at} />
            </span>
          )}
          {reason && <span>{reason}</span>}
        </div>
      </div>
      <Button
        loading={restore.isPending}
        leftSection={<IconRestore size={16} stroke={1.7} aria-hidden />}
        aria-label={`Restore ${name}`}
        onClick={() => restore.mutate(undefined, { onError: toastError })}
      >
        Restore
      </Button>
    </li>
  );
}
