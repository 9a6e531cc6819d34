import { createFileRoute } from '@tanstack/react-router';
import { TeamPage } from '@/features/teams/TeamPage';

export const Route = createFileRoute('/_app/teams/$team')({ component: TeamRoute });

function TeamRoute() {
  const { team } = Route.useParams();
  return <TeamPage key={team} slug={team} />;
}
