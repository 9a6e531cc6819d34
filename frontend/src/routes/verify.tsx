import { createFileRoute, redirect } from '@tanstack/react-router';
import { VerifyPage } from '@/features/auth/VerifyPage';
import { dropSecret, heldSecret, holdSecret } from '@/lib/secret-link';

export const Route = createFileRoute('/verify')({
  staticData: { title: 'Confirm your address' },
  beforeLoad: ({ location }) => {
    if (!location.hash) return;
    holdSecret('verify', location.hash);
    throw redirect({ to: '/verify', replace: true });
  },
  component: Verify,
});

function Verify() {
  return (
    <VerifyPage token={heldSecret('verify')} onDone={() => dropSecret('verify')} />
  );
}
