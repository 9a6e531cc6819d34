import { useSuspenseQuery } from '@tanstack/react-query';
import { createFileRoute, redirect, useRouter } from '@tanstack/react-router';
import { instanceQuery } from '@/api/queries';
import { restore } from '@/api/session';
import { AuthCard } from '@/features/auth/AuthCard';
import classes from '@/features/auth/auth.module.css';
import { SignInForm } from '@/features/auth/SignInForm';
import { safeNext } from '@/lib/next';
import { AnchorLink } from '@/ui/links';

export const Route = createFileRoute('/sign-in')({
  staticData: { title: 'Sign in' },
  validateSearch: (search): { next?: string } =>
    typeof search.next === 'string' ? { next: safeNext(search.next) } : {},
  beforeLoad: async ({ context, search }) => {
    if ((await restore()).status === 'signed-in') {
      throw redirect({ href: search.next ?? '/' });
    }
    const instance = await context.queryClient.ensureQueryData(instanceQuery);
    if (instance.setup_required) throw redirect({ to: '/setup' });
  },
  component: SignInPage,
});

function SignInPage() {
  const router = useRouter();
  const { next } = Route.useSearch();
  const { data: instance } = useSuspenseQuery(instanceQuery);
  return (
    <AuthCard
      title="Sign in"
      lead={next ? 'You come back to where you were.' : `to ${instance.name}`}
      foot={
        instance.registration === 'open' && (
          <>
            New here?{' '}
            <AnchorLink underline="always" to="/register" search={next ? { next } : {}}>
              Make an account
            </AnchorLink>
          </>
        )
      }
    >
      <SignInForm onDone={() => router.history.push(next ?? '/')}>
        <AnchorLink className={classes.below ?? ''} to="/forgot">
          Forgot your password?
        </AnchorLink>
      </SignInForm>
    </AuthCard>
  );
}
