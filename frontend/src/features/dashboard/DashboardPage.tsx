import { NativeSelect, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import type { Stats } from '@/api/types';
import { useUser } from '@/lib/use-session';
import { ErrorState } from '@/ui/ErrorState';
import { PageHeader } from '@/ui/PageHeader';
import { RowsSkeleton } from '@/ui/skeletons';
import { Activity } from './Activity';
import classes from './dashboard.module.css';
import { NeedsMe } from './NeedsMe';
import { OverTime } from './OverTime';
import { type DashboardSearch, PERIODS, type Period, statsQuery } from './queries';
import { TeamTable } from './TeamTable';

const Welcome = lazy(async () => {
  const { WelcomePage } = await import('@/features/welcome/WelcomePage');
  return { default: WelcomePage };
});

interface DashboardPageProps {
  search: DashboardSearch;
  onSearch: (search: DashboardSearch) => void;
}

const isEmpty = ({ kinds, needs_me, activity }: Stats) =>
  Object.keys(kinds).length === 0 &&
  needs_me.drafts.count === 0 &&
  !activity.some(({ target }) => target.kind === 'component');

/** What needs this person, what happened, and how much of it. */
export function DashboardPage({ search, onSearch }: DashboardPageProps) {
  const stats = useQuery(statsQuery(search));
  if (stats.data && !search.team && isEmpty(stats.data)) {
    return (
      <Suspense>
        <Welcome />
      </Suspense>
    );
  }
  return (
    <>
      <PageHeader
        title="Dashboard"
        actions={<Scope search={search} onSearch={onSearch} />}
      />
      {stats.isPending && <RowsSkeleton rows={10} />}
      {stats.isError && !stats.data && (
        <ErrorState error={stats.error} onRetry={() => void stats.refetch()} />
      )}
      {stats.data && <Figures stats={stats.data} days={search.days ?? 30} />}
    </>
  );
}

function Scope({ search, onSearch }: DashboardPageProps) {
  const teams = useUser()?.teams ?? [];
  const choose = (team: string) => {
    const { team: _, ...rest } = search;
    onSearch(team ? { ...rest, team } : rest);
  };
  return (
    <>
      {teams.length > 1 && (
        <NativeSelect
          aria-label="Team"
          value={search.team ?? ''}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
          data={[
            { value: '', label: 'Everything you see' },
            ...teams.map(({ slug, name }) => ({ value: slug, label: name })),
          ]}
        />
      )}
      <SegmentedControl
        aria-label="Period"
        value={String(search.days ?? 30)}
        onChange={(days) => onSearch({ ...search, days: Number(days) as Period })}
        data={PERIODS.map((days) => ({ value: String(days), label: `${days} days` }))}
      />
    </>
  );
}

function Figures({ stats, days }: { stats: Stats; days: number }) {
  return (
    <div className={classes.page}>
      <section aria-labelledby="needs-me" className={classes.wide}>
        <h2 id="needs-me">What needs you</h2>
        <NeedsMe needs={stats.needs_me} />
      </section>
      <section aria-labelledby="over-time" className={classes.main}>
        <h2 id="over-time">Last {days} days</h2>
        <OverTime series={stats.series} />
      </section>
      <section aria-labelledby="activity" className={classes.side}>
        <h2 id="activity">Recent activity</h2>
        <Activity events={stats.activity} />
      </section>
      <section aria-labelledby="teams" className={classes.wide}>
        <h2 id="teams">Your teams</h2>
        <TeamTable teams={stats.teams} days={days} />
        <p className={classes.nothing}>
          Of all that you may see, you made {stats.mine.components}{' '}
          {stats.mine.components === 1 ? 'component' : 'components'}, and published{' '}
          {stats.mine.revisions} {stats.mine.revisions === 1 ? 'revision' : 'revisions'}{' '}
          in this time.
        </p>
      </section>
    </div>
  );
}
