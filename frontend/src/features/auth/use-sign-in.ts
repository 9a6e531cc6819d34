import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/queries';
import { begin } from '@/api/session';
import type { Registration } from '@/api/types';

export interface Credentials {
  username: string;
  password: string;
  /** A code of the second factor, or a recovery code. */
  otp?: string;
}

async function signIn(credentials: Credentials) {
  const issued = await unwrap(
    api.POST('/api/v1/auth/token', {
      body: { grant_type: 'password', client: 'browser', ...credentials },
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    }),
  );
  return begin(issued);
}

export function useSignIn() {
  return useMutation({
    mutationFn: signIn,
    meta: { quiet: true },
  });
}

/** Makes the account; signs in with it unless its address must be proved before. */
export function useRegister() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async (registration: Registration) => {
      const { next } = await unwrap(
        api.POST('/api/v1/auth/register', { body: registration }),
      );
      if (next === 'verify_email') return next;
      await queryClient.invalidateQueries({ queryKey: keys.instance });
      const { username, password } = registration;
      await signIn({ username, password });
      return next;
    },
    meta: { quiet: true },
  });
}
