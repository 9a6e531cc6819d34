import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useSession } from './use-session';

/** When the session ends under a page, asks to sign in and comes back to this address. */
export function useReturnToSignIn() {
  const session = useSession();
  const router = useRouter();
  useEffect(() => {
    if (session.status !== 'anonymous' || session.left) return;
    const { href: next, pathname } = router.state.location;
    if (pathname === '/sign-in') return;
    void router.navigate({ to: '/sign-in', search: { next }, replace: true });
  }, [session, router]);
}
