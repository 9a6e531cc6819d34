import { createFileRoute, redirect } from '@tanstack/react-router';
import { ResetPage } from '@/features/auth/ResetPage';
import { dropSecret, heldSecret, holdSecret } from '@/lib/secret-link';

export const Route = createFileRoute('/reset')({
  staticData: { title: 'Choose a new password' },
  beforeLoad: ({ location }) => {
    if (!location.hash) return;
    holdSecret('reset', location.hash);
    throw redirect({ to: '/reset', replace: true });
  },
  component: Reset,
});

function Reset() {
  return <ResetPage token={heldSecret('reset')} onDone={() => dropSecret('reset')} />;
}
