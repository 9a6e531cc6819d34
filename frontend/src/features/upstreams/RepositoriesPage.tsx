import { Button, NativeSelect } from '@mantine/core';
import { IconGitBranch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useUser } from '@/lib/use-session';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { RelativeTime } from '@/ui/facts';
import { ButtonLink } from '@/ui/links';
import { PageHeader } from '@/ui/PageHeader';
import { RowsSkeleton } from '@/ui/skeletons';
import { CheckMark } from './CheckMark';
import { ImportTabs } from './ImportTabs';
import { repositoriesQuery } from './queries';
import classes from './repositories.module.css';
import type { RepositorySearch } from './search';
import type { Repository } from './types';
import { counted, everyWords, shortUrl } from './words';

interface RepositoriesPageProps {
  search: RepositorySearch;
  onSearch: (search: RepositorySearch) => void;
}

/** The repositories that this person's teams take components from, the newest first. */
export function RepositoriesPage({ search, onSearch }: RepositoriesPageProps) {
  const list = useInfiniteQuery(repositoriesQuery(search));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader
        title="Repositories"
        description="Where components come from, and what is new there."
        actions={
          <ButtonLink to="/imports/new" variant="filled">
            Import from a repository
          </ButtonLink>
        }
      />
      <ImportTabs />
      <TeamFilter search={search} onSearch={onSearch} />
      {list.isPending && <RowsSkeleton rows={6} />}
      {list.error && !list.data && (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.data && items.length === 0 && (
        <EmptyState icon={IconGitBranch} title="No repositories yet">
          Import from the address of a git repository, and it is looked at from time to
          time: what changes there is offered as an update.
        </EmptyState>
      )}
      {items.length > 0 && (
        <ul className={classes.repositories} aria-label="Repositories">
          {items.map((repository) => (
            <Item key={repository.id} repository={repository} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button
          mt="sm"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  );
}

function TeamFilter({ search, onSearch }: RepositoriesPageProps) {
  const teams = useUser()?.teams ?? [];
  const known = teams.some(({ slug }) => slug === search.team);
  if (teams.length < 2 && !search.team) return null;
  return (
    <form
      className={classes.filters}
      aria-label="Filters"
      onSubmit={(event) => event.preventDefault()}
    >
      <NativeSelect
        label="Team"
        value={search.team ?? ''}
        onChange={({ currentTarget: { value } }) =>
          onSearch(value ? { team: value } : {})
        }
        data={[
          { value: '', label: 'Every team' },
          ...teams.map(({ slug, name }) => ({ value: slug, label: name })),
          ...(search.team && !known
            ? [{ value: search.team, label: search.team }]
            : []),
        ]}
      />
    </form>
  );
}

function Item({ repository }: { repository: Repository }) {
  const { id, url, ref, folder, team, checked_at, components, pinned } = repository;
  return (
    <li className={classes.repository}>
      <CheckMark of={repository} />
      <div className={classes.text}>
        <Link
          to="/imports/repositories/$id"
          params={{ id }}
          className={`mono ${classes.title}`}
        >
          {shortUrl(url)}
        </Link>
        <div className={classes.meta}>
          {ref && (
            <span>
              Branch <span className="mono">{ref}</span>
            </span>
          )}
          {folder && (
            <span>
              Folder <span className="mono">{folder}</span>
            </span>
          )}
          <span>
            Team <span className="mono">{team.slug}</span>
          </span>
          <span>{counted(components, 'component')}</span>
          {pinned > 0 && <span>{pinned} pinned</span>}
        </div>
        {repository.outcome === 'failed' && (
          <p className={classes.error}>{repository.error}</p>
        )}
      </div>
      <div className={classes.when}>
        {checked_at && (
          <span>
            Checked <RelativeTime at={checked_at} />
          </span>
        )}
        <span className="muted">{everyWords[repository.every]}</span>
      </div>
    </li>
  );
}
