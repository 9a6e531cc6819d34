import { createFileRoute, redirect } from '@tanstack/react-router';
import { restore } from '@/api/session';
import { JoinPage } from '@/features/teams/JoinPage';
import { keepInvitation, keptInvitation } from '@/lib/invitation';

export const Route = createFileRoute('/join')({
  staticData: { title: 'Invitation' },
  beforeLoad: async ({ location }) => {
    if (location.hash) {
      // A secret: out of the address, and of the browser's history, at once.
      keepInvitation(location.hash);
      throw redirect({ to: '/join', replace: true });
    }
    await restore();
    return { token: keptInvitation() };
  },
  component: JoinRoute,
});

function JoinRoute() {
  const { token } = Route.useRouteContext();
  return <JoinPage key={token} token={token} />;
}
