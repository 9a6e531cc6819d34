import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute, redirect, useRouter } from '@tanstack/react-router';
import { instanceQuery } from '@/api/queries';
import { restore } from '@/api/session';
import { AuthCard } from '@/features/auth/AuthCard';
import { RegisterForm } from '@/features/auth/RegisterForm';
import { safeNext } from '@/lib/next';
import { AnchorLink } from '@/ui/links';

export const Route = createFileRoute('/register')({
  staticData: { title: 'Make an account' },
  validateSearch: (search): { next?: string } =>
    typeof search.next === 'string' ? { next: safeNext(search.next) } : {},
  beforeLoad: async ({ context, search }) => {
    if ((await restore()).status === 'signed-in') {
      throw redirect({ href: search.next ?? '/' });
    }
    const instance = await context.queryClient.ensureQueryData(instanceQuery);
    if (instance.setup_required) throw redirect({ to: '/setup' });
  },
  component: RegisterPage,
});

function RegisterPage() {
  const router = useRouter();
  const { next } = Route.useSearch();
  const { data: instance } = useSuspenseQuery(instanceQuery);
  const foot = (
    <>
      Already have one?{' '}
      <AnchorLink underline="always" to="/sign-in" search={next ? { next } : {}}>
        Sign in
      </AnchorLink>
    </>
  );
  if (instance.registration !== 'open') {
    return (
      <AuthCard
        title="Registration is closed"
        lead="Ask the administrator of this instance for an account."
        foot={foot}
      >
        {null}
      </AuthCard>
    );
  }
  return (
    <AuthCard title="Make an account" lead={`on ${instance.name}`} foot={foot}>
      <RegisterForm
        submit="Make account"
        onDone={() => router.history.push(next ?? '/')}
      />
    </AuthCard>
  );
}
