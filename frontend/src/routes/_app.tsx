import { createFileRoute, redirect } from '@tanstack/react-router';
import { instanceQuery } from '@/api/queries';
import { restore } from '@/api/session';
import { AppFrame } from '@/features/shell/AppFrame';

/** Everything below needs somebody signed in. */
export const Route = createFileRoute('/_app')({
  beforeLoad: async ({ context, location }) => {
    const session = await restore();
    if (session.status === 'signed-in') return;
    const instance = await context.queryClient.ensureQueryData(instanceQuery);
    if (instance.setup_required) throw redirect({ to: '/setup' });
    const next = location.href;
    throw redirect({ to: '/sign-in', search: next === '/' ? {} : { next } });
  },
  component: AppFrame,
});
