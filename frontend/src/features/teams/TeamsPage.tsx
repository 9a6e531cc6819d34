import { Button } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { TeamMembership } from '@/api/types';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { PageHeader } from '@/ui/PageHeader';
import { RowsSkeleton } from '@/ui/skeletons';
import { myTeamsQuery, teamQuery } from './queries';
import classes from './teams.module.css';
import { memberCount, roles } from './words';

const NewTeam = lazy(() => import('./NewTeam'));

interface TeamsPageProps {
  making: boolean;
  onMaking: (making: boolean) => void;
}

/** The teams that this person is in. */
export function TeamsPage({ making, onMaking }: TeamsPageProps) {
  const teams = useInfiniteQuery(myTeamsQuery);
  const items = teams.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader
        title="Teams"
        description="Who shares what: a team owns its components, its members see them."
        actions={
          <Button variant="filled" onClick={() => onMaking(true)}>
            New team
          </Button>
        }
      />
      {teams.isPending && <RowsSkeleton rows={4} />}
      {teams.error && !teams.data && (
        <ErrorState error={teams.error} onRetry={() => void teams.refetch()} />
      )}
      {teams.data && items.length === 0 && (
        <EmptyState icon={IconUsersGroup} title="You are in no team">
          Make one to share components, or ask an owner of a team to invite you.
        </EmptyState>
      )}
      {items.length > 0 && (
        <ul className={classes.teams} aria-label="Your teams">
          {items.map((team) => (
            <TeamItem key={team.id} team={team} />
          ))}
        </ul>
      )}
      {teams.hasNextPage && (
        <Button
          mt="sm"
          onClick={() => void teams.fetchNextPage()}
          loading={teams.isFetchingNextPage}
        >
          Show more
        </Button>
      )}
      {making && (
        <Suspense>
          <NewTeam onClose={() => onMaking(false)} />
        </Suspense>
      )}
    </>
  );
}

function TeamItem({ team }: { team: TeamMembership }) {
  const { data } = useQuery(teamQuery(team.slug));
  return (
    <li className={classes.team}>
      <span className={classes.emblem} aria-hidden="true">
        {team.name.slice(0, 1)}
      </span>
      <div className={classes.teamText}>
        <Link
          to="/teams/$team"
          params={{ team: team.slug }}
          className={classes.teamLink}
        >
          {team.name}
        </Link>
        <span className="mono muted">{team.slug}</span>
      </div>
      <span className={classes.teamFacts}>
        {team.is_personal && <span className={classes.tag}>Personal</span>}
        {team.locked && (
          <span className={classes.tag} data-tone="warning">
            Locked
          </span>
        )}
        <span className="tabular">{data ? memberCount(data.members) : ''}</span>
      </span>
      <span className={classes.teamRole}>{roles[team.role].word}</span>
    </li>
  );
}
