import { createFileRoute } from '@tanstack/react-router';
import { MembersPage } from '@/features/teams/MembersPage';

export const Route = createFileRoute('/_app/teams/$team/')({
  staticData: {
    title: ({ team }) => team ?? '',
    crumbs: ({ team }) => [
      { label: 'Teams', href: '/teams' },
      { label: team ?? '', mono: true },
    ],
  },
  component: MembersRoute,
});

function MembersRoute() {
  const { team } = Route.useParams();
  return <MembersPage slug={team} />;
}
