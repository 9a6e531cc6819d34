import { Button } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ImportPublic } from '@/api/types';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { RelativeTime } from '@/ui/facts';
import { ButtonLink } from '@/ui/links';
import { PageHeader } from '@/ui/PageHeader';
import { RowsSkeleton } from '@/ui/skeletons';
import { DiscardButton } from './DiscardButton';
import classes from './list.module.css';
import { importsQuery } from './queries';
import { headlineOf, leftAsideOf, reportOf } from './wording';

const states: Record<ImportPublic['state'], string> = {
  preview: 'To be applied',
  applied: 'Applied',
  discarded: 'Discarded',
};

/** The imports that this person made, the newest first. */
export function ImportsPage() {
  const imports = useInfiniteQuery(importsQuery);
  const items = imports.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader
        title="Imports"
        description="What you brought in, the newest first."
        actions={
          <ButtonLink to="/imports/new" variant="filled">
            Import files
          </ButtonLink>
        }
      />
      {imports.isPending && <RowsSkeleton rows={6} />}
      {imports.error && !imports.data && (
        <ErrorState error={imports.error} onRetry={() => imports.refetch()} />
      )}
      {imports.data && items.length === 0 && (
        <EmptyState icon={IconFileImport} title="Nothing imported yet">
          An import takes agent files in as they are, shows what is wrong with each, and
          changes nothing until you apply it.
        </EmptyState>
      )}
      {items.length > 0 && (
        <ul className={classes.imports}>
          {items.map((item) => (
            <ImportItem key={item.id} item={item} />
          ))}
        </ul>
      )}
      {imports.hasNextPage && (
        <Button
          mt="sm"
          onClick={() => imports.fetchNextPage()}
          loading={imports.isFetching}
        >
          Show more
        </Button>
      )}
    </>
  );
}

function ImportItem({ item }: { item: ImportPublic }) {
  const { state, headline, results } = item;
  const aside = leftAsideOf(headline.left_aside, 2);
  const title =
    state === 'applied' && results
      ? reportOf(results, headline.components)
      : headlineOf(headline);
  return (
    <li className={classes.import} data-state={state}>
      <span className={classes.state} data-state={state}>
        {states[state]}
      </span>
      <div className={classes.text}>
        <Link to="/imports/$id" params={{ id: item.id }} className={classes.title}>
          {title}
        </Link>
        <div className={classes.meta}>
          <span>
            <RelativeTime at={item.applied_at ?? item.created_at} /> into{' '}
            <span className="mono">{item.team.slug}</span>
          </span>
          {item.source === 'samples' && <span>Samples</span>}
          {aside && <span>{aside}</span>}
        </div>
      </div>
      {state === 'preview' && <DiscardButton of={item} />}
    </li>
  );
}
