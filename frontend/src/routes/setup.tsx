import { createFileRoute, redirect, useNavigate } from '@tanstack/react-router';
import { instanceQuery } from '@/api/queries';
import { AuthCard } from '@/features/auth/AuthCard';
import { RegisterForm } from '@/features/auth/RegisterForm';

/** First run: the setup code makes the instance's administrator. */
export const Route = createFileRoute('/setup')({
  staticData: { title: 'Set up' },
  beforeLoad: async ({ context }) => {
    const instance = await context.queryClient.fetchQuery(instanceQuery);
    if (!instance.setup_required) throw redirect({ to: '/' });
  },
  component: SetupPage,
});

function SetupPage() {
  const navigate = useNavigate();
  return (
    <AuthCard
      title="Set up Roster"
      lead="Nobody has an account here yet. The first one is the administrator's."
    >
      <RegisterForm
        needsCode
        submit="Make administrator"
        onDone={() => void navigate({ to: '/welcome' })}
      />
    </AuthCard>
  );
}
