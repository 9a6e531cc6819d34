import { Button } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ImportTabs } from '@/features/upstreams/ImportTabs';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { ButtonLink } from '@/ui/links';
import { PageHeader } from '@/ui/PageHeader';
import { RowsSkeleton } from '@/ui/skeletons';
import { ImportItem } from './ImportItem';
import { ImportsFilters } from './ImportsFilters';
import classes from './list.module.css';
import { importsQuery } from './queries';
import type { ImportsSearch } from './search';

export interface ImportsPageProps {
  search: ImportsSearch;
  onSearch: (search: ImportsSearch) => void;
}

/** What this person brought in, or a team: what runs, what waits, what is done. */
export function ImportsPage({ search, onSearch }: ImportsPageProps) {
  const imports = useInfiniteQuery(importsQuery(search));
  const items = imports.data?.pages.flatMap((page) => page.items) ?? [];
  const narrowed = search.state !== undefined || search.team !== undefined;
  return (
    <>
      <PageHeader
        title="Imports"
        description="What was brought in, the newest first."
        actions={
          <ButtonLink
            to="/imports/new"
            variant="filled"
            search={search.team ? { team: search.team } : {}}
          >
            Import files
          </ButtonLink>
        }
      />
      <ImportTabs />
      <ImportsFilters search={search} onSearch={onSearch} />
      {imports.isPending && <RowsSkeleton rows={6} />}
      {imports.error && !imports.data && (
        <ErrorState error={imports.error} onRetry={() => imports.refetch()} />
      )}
      {imports.data && items.length === 0 && narrowed && (
        <EmptyState icon={IconFileImport} title="No imports here">
          Nothing of this team and in this state.
        </EmptyState>
      )}
      {imports.data && items.length === 0 && !narrowed && (
        <EmptyState icon={IconFileImport} title="Nothing imported yet">
          An import takes files of a folder or a repository in as they are, shows what
          is wrong with each, and changes nothing until you apply it.
        </EmptyState>
      )}
      {items.length > 0 && (
        <ul className={classes.imports} aria-label="Imports">
          {items.map((item) => (
            <ImportItem key={item.id} item={item} search={search} />
          ))}
        </ul>
      )}
      {imports.hasNextPage && (
        <Button
          mt="sm"
          onClick={() => imports.fetchNextPage()}
          loading={imports.isFetchingNextPage}
        >
          Show more
        </Button>
      )}
    </>
  );
}
