import { createFileRoute } from '@tanstack/react-router';
import { SettingsPage } from '@/features/teams/SettingsPage';

export const Route = createFileRoute('/_app/teams/$team/settings')({
  staticData: {
    title: ({ team }) => `Settings · ${team}`,
    crumbs: ({ team }) => [
      { label: 'Teams', href: '/teams' },
      { label: team ?? '', href: `/teams/${team}`, mono: true },
      { label: 'Settings' },
    ],
  },
  component: SettingsRoute,
});

function SettingsRoute() {
  const { team } = Route.useParams();
  return <SettingsPage slug={team} />;
}
