import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/queries';
import { begin } from '@/api/session';
import type { Registration } from '@/api/types';

async function signIn(username: string, password: string) {
  const issued = await unwrap(
    api.POST('/api/v1/auth/token', {
      body: { grant_type: 'password', username, password, client: 'browser' },
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    }),
  );
  return begin(issued);
}

export function useSignIn() {
  return useMutation({
    mutationFn: ({ username, password }: { username: string; password: string }) =>
      signIn(username, password),
    meta: { quiet: true },
  });
}

/** Makes the account, then signs in with it. */
export function useRegister() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (registration: Registration) => {
      await unwrap(api.POST('/api/v1/auth/register', { body: registration }));
      await queryClient.invalidateQueries({ queryKey: keys.instance });
      return signIn(registration.username, registration.password);
    },
    meta: { quiet: true },
  });
}
