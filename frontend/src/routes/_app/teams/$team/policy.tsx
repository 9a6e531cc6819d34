import { createFileRoute } from '@tanstack/react-router';
import { PolicyPage } from '@/features/promotions/PolicyPage';

export const Route = createFileRoute('/_app/teams/$team/policy')({
  staticData: {
    title: ({ team }) => `Policy · ${team}`,
    crumbs: ({ team }) => [
      { label: 'Teams', href: '/teams' },
      { label: team ?? '', href: `/teams/${team}`, mono: true },
      { label: 'Policy' },
    ],
  },
  component: PolicyRoute,
});

function PolicyRoute() {
  const { team } = Route.useParams();
  return <PolicyPage slug={team} />;
}
