import { createFileRoute } from '@tanstack/react-router';
import { InvitationsPage } from '@/features/teams/InvitationsPage';

export const Route = createFileRoute('/_app/teams/$team/invitations')({
  staticData: {
    title: ({ team }) => `Invitations · ${team}`,
    crumbs: ({ team }) => [
      { label: 'Teams', href: '/teams' },
      { label: team ?? '', href: `/teams/${team}`, mono: true },
      { label: 'Invitations' },
    ],
  },
  component: InvitationsRoute,
});

function InvitationsRoute() {
  const { team } = Route.useParams();
  return <InvitationsPage slug={team} />;
}
