import { createFileRoute } from '@tanstack/react-router';
import { instanceQuery } from '@/api/queries';
import { ForgotPage } from '@/features/auth/ForgotPage';

export const Route = createFileRoute('/forgot')({
  staticData: { title: 'Forgot your password?' },
  loader: ({ context }) => context.queryClient.ensureQueryData(instanceQuery),
  component: ForgotPage,
});
