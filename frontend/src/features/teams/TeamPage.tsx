import { useQuery } from '@tanstack/react-query';
import { Navigate, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { loadUser } from '@/api/session';
import type { Team } from '@/api/types';
import { type PageTab, PageTabs } from '@/features/shell/Tabs';
import { useUser } from '@/lib/use-session';
import { ErrorState } from '@/ui/ErrorState';
import { PageHeader } from '@/ui/PageHeader';
import { RowsSkeleton } from '@/ui/skeletons';
import { LockedTeam } from './LockedTeam';
import { teamQuery } from './queries';
import { Stranger } from './Stranger';
import { TeamHeader } from './TeamHeader';

/** The frame of a team's pages: who it is, and the ways to its parts. */
export function TeamPage({ slug }: { slug: string }) {
  const team = useQuery(teamQuery(slug));
  const { href } = useLocation();
  useOwnRole(team.data);
  if (team.isPending) {
    return (
      <>
        <PageHeader title={slug} mono />
        <RowsSkeleton rows={5} />
      </>
    );
  }
  if (!team.data) {
    return (
      <ErrorState heading="h1" error={team.error} onRetry={() => void team.refetch()} />
    );
  }
  const { data } = team;
  if (data.slug !== slug) {
    // It was renamed: its address follows.
    const present = href.replace(/^\/teams\/[^/?#]+/, `/teams/${data.slug}`);
    return <Navigate to={present as string} replace />;
  }
  return (
    <>
      <TeamHeader team={data} />
      {data.role === null && <Stranger team={data} />}
      {data.locked ? (
        <LockedTeam team={data} />
      ) : (
        <>
          <PageTabs label="Parts of this team" tabs={tabsOf(data)} />
          <Outlet />
        </>
      )}
    </>
  );
}

function tabsOf({ slug, role }: Team): PageTab[] {
  const params = { team: slug };
  const members: PageTab = {
    label: 'Members',
    link: { to: '/teams/$team', params },
  };
  if (role !== 'owner') return [members];
  return [
    members,
    { label: 'Invitations', link: { to: '/teams/$team/invitations', params } },
    { label: 'Policy', link: { to: '/teams/$team/policy', params } },
    { label: 'Settings', link: { to: '/teams/$team/settings', params } },
    { label: 'Audit', link: { to: '/teams/$team/audit', params } },
  ];
}

/** What the server says of the own role is newer than what sign-in said. */
function useOwnRole(team: Team | undefined) {
  const known = useUser()?.teams.find(({ id }) => id === team?.id)?.role ?? null;
  const role = team?.role;
  useEffect(() => {
    if (role === undefined || role === known) return;
    loadUser().catch(() => {});
  }, [role, known]);
}
