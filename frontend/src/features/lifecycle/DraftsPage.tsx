import { Button } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { DraftSummary } from '@/api/types';
import { placeOf } from '@/features/kinds/kinds';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { KindBadge, RelativeTime } from '@/ui/facts';
import { AnchorLink, ButtonLink } from '@/ui/links';
import { PageHeader } from '@/ui/PageHeader';
import { RowsSkeleton } from '@/ui/skeletons';
import classes from './lifecycle.module.css';
import { draftsQuery } from './queries';

/** What this person began and did not publish, the last typed in first. */
export function DraftsPage() {
  const drafts = useInfiniteQuery(draftsQuery);
  const items = drafts.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader
        title="Drafts"
        description="What you began and did not publish; nobody else sees it."
      />
      {drafts.isPending && <RowsSkeleton rows={4} />}
      {drafts.error && !drafts.data && (
        <ErrorState error={drafts.error} onRetry={() => void drafts.refetch()} />
      )}
      {drafts.data && items.length === 0 && (
        <EmptyState
          icon={IconPencil}
          title="No drafts"
          action={
            <ButtonLink to="/$plural/new" params={{ plural: 'agents' }}>
              New agent
            </ButtonLink>
          }
        >
          What you type in an editor is kept here until you publish or discard it.
        </EmptyState>
      )}
      {items.length > 0 && (
        <ul className={classes.list} aria-label="Drafts">
          {items.map((item) => (
            <DraftRow key={item.component.id} item={item} />
          ))}
        </ul>
      )}
      {drafts.hasNextPage && (
        <Button
          mt="sm"
          onClick={() => void drafts.fetchNextPage()}
          loading={drafts.isFetching}
        >
          Show more
        </Button>
      )}
    </>
  );
}

function DraftRow({ item }: { item: DraftSummary }) {
  const { component, base_number: base, behind } = item;
  return (
    <li className={classes.row}>
      <div className={classes.what}>
        <div className={classes.name}>
          <AnchorLink
            className="mono"
            to="/$plural/$team/$name/edit"
            params={placeOf(component)}
          >
            {component.team.slug}/{component.name}
          </AnchorLink>
          <KindBadge kind={component.kind} />
        </div>
        <div className={classes.meta}>
          <span>
            Saved <RelativeTime at={item.updated_at} />
          </span>
          <span>{base ? `Based on revision ${base}` : 'Not published yet'}</span>
          {behind > 0 && (
            <span className={classes.behind}>
              Behind by {behind === 1 ? 'one revision' : `${behind} revisions`}
            </span>
          )}
        </div>
      </div>
    </li>
  );
}
