import { createFileRoute, redirect, useRouter } from '@tanstack/react-router';
import { instanceQuery } from '@/api/queries';
import { restore } from '@/api/session';
import { RegisterPage } from '@/features/auth/RegisterPage';
import { safeNext } from '@/lib/next';

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
  component: Register,
});

function Register() {
  const router = useRouter();
  const { next } = Route.useSearch();
  return (
    <RegisterPage next={next} onDone={(address) => router.history.push(address)} />
  );
}
