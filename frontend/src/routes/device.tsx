import { createFileRoute, redirect } from '@tanstack/react-router';
import { instanceQuery } from '@/api/queries';
import { restore } from '@/api/session';
import { shownCode } from '@/features/auth/device/code';
import { DevicePage } from '@/features/auth/device/DevicePage';
import { useReturnToSignIn } from '@/lib/use-return-to-sign-in';

export const Route = createFileRoute('/device')({
  staticData: { title: 'Sign a device in' },
  validateSearch: (search): { code?: string } =>
    typeof search.code === 'string' && search.code
      ? { code: shownCode(search.code) }
      : {},
  beforeLoad: async ({ context, location }) => {
    const session = await restore();
    const instance = await context.queryClient.ensureQueryData(instanceQuery);
    if (session.status === 'signed-in') return;
    if (instance.setup_required) throw redirect({ to: '/setup' });
    throw redirect({ to: '/sign-in', search: { next: location.href } });
  },
  component: Device,
});

function Device() {
  const navigate = Route.useNavigate();
  const { code } = Route.useSearch();
  useReturnToSignIn();
  return (
    <DevicePage
      code={code ?? null}
      onCode={(typed) => void navigate({ search: { code: typed } })}
    />
  );
}
