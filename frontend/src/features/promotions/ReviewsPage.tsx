import { Button, NativeSelect } from '@mantine/core';
import { IconGitPullRequest } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Promotion } from '@/api/types';
import { authorOf } from '@/features/agents/component/people';
import { ListNews } from '@/features/live/ListNews';
import { type PageTab, PageTabs } from '@/features/shell/Tabs';
import { useUser } from '@/lib/use-session';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { RelativeTime } from '@/ui/facts';
import { PageHeader } from '@/ui/PageHeader';
import { RowsSkeleton } from '@/ui/skeletons';
import { promotionsQuery } from './queries';
import classes from './reviews.module.css';
import { type ReviewSearch, VIEWS, withFilter } from './search';
import { moveOf, progressOf, stateWords } from './words';

const views: Record<(typeof VIEWS)[number], { label: string; none: string }> = {
  'needs-me': { label: 'Needs you', none: 'Nothing waits for your approval.' },
  open: {
    label: 'Open',
    none: 'To move a label that its team protects, open a promotion from the labels of a component.',
  },
  mine: { label: 'Yours', none: 'What you ask for is listed here.' },
  all: { label: 'All', none: 'Nobody has asked for a label to be moved yet.' },
};

interface ReviewsPageProps {
  search: ReviewSearch;
  onSearch: (search: ReviewSearch) => void;
}

/** Who asks for which label to be moved, the newest first. */
export function ReviewsPage({ search, onSearch }: ReviewsPageProps) {
  const list = useInfiniteQuery(promotionsQuery(search));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader
        title="Reviews"
        description="Labels that somebody wants to move, and what others say about it."
      />
      <PageTabs label="Which reviews" tabs={tabsOf(search)} />
      <Filters search={search} onSearch={onSearch} />
      <ListNews queryKey={promotionsQuery(search).queryKey} />
      {list.isPending && <RowsSkeleton rows={6} />}
      {list.error && !list.data && (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      )}
      {list.data && items.length === 0 && (
        <EmptyState icon={IconGitPullRequest} title="No reviews here">
          {views[search.view ?? 'open'].none}
        </EmptyState>
      )}
      {items.length > 0 && (
        <ul
          className={classes.reviews}
          aria-label="Reviews"
          data-stale={list.isPlaceholderData || undefined}
        >
          {items.map((promotion) => (
            <Review key={promotion.id} promotion={promotion} />
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

const tabsOf = ({ view: _, ...filters }: ReviewSearch): PageTab[] =>
  VIEWS.map((view) => ({
    label: views[view].label,
    bySearch: true,
    link: {
      to: '/reviews',
      search: view === 'open' ? filters : { ...filters, view },
    },
  }));

function Filters({ search, onSearch }: ReviewsPageProps) {
  const teams = useUser()?.teams ?? [];
  const known = teams.some(({ slug }) => slug === search.team);
  const data = [
    { value: '', label: 'Every team' },
    ...teams.map(({ slug, name }) => ({ value: slug, label: name })),
    ...(search.team && !known ? [{ value: search.team, label: search.team }] : []),
  ];
  return (
    <form
      className={classes.filters}
      aria-label="Filters"
      onSubmit={(event) => event.preventDefault()}
    >
      <NativeSelect
        label="Team"
        data={data}
        value={search.team ?? ''}
        onChange={({ currentTarget }) =>
          onSearch(withFilter(search, 'team', currentTarget.value))
        }
      />
      {search.label && (
        <Button
          variant="subtle"
          color="gray"
          onClick={() => onSearch(withFilter(search, 'label', ''))}
        >
          Every label, not only {search.label}
        </Button>
      )}
    </form>
  );
}

function Review({ promotion }: { promotion: Promotion }) {
  const { id, component, state, author, is_rollback } = promotion;
  return (
    <li className={classes.review} data-state={state}>
      <span className={classes.state} data-state={state}>
        {stateWords[state]}
      </span>
      <div className={classes.text}>
        <Link to="/reviews/$id" params={{ id }} className={classes.title}>
          <span className="mono">{component.reference}</span>: {moveOf(promotion)}
        </Link>
        <div className={classes.meta}>
          <span>
            {authorOf(author)}, <RelativeTime at={promotion.created_at} />
          </span>
          {is_rollback && <span>Rollback</span>}
          {state === 'open' && <span>{progressOf(promotion)}</span>}
        </div>
        {promotion.message && (
          <p className={classes.message}>{promotion.message.split('\n')[0]}</p>
        )}
      </div>
    </li>
  );
}
