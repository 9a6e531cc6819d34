import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { api } from '@/api/client';
import { forget } from '@/api/session';
import { toastError } from '@/ui/toast-later';

/** Ends the session on the server, then here; nothing of it stays in memory. */
export function useSignOut() {
  const router = useRouter();
  const queryClient = useQueryClient();
  return async () => {
    try {
      await api.POST('/api/v1/auth/logout', { body: {} });
    } catch (error) {
      // The cookie is still good: saying "signed out" would be a lie.
      void toastError(error);
      return;
    }
    // First, because the sign-in page sends away whoever is signed in.
    forget(true);
    await router.navigate({ to: '/sign-in' });
    queryClient.clear();
  };
}
