import { useSyncExternalStore } from 'react';
import { sessionState, subscribe } from '@/api/session';
import type { UserMe } from '@/api/types';

export function useSession() {
  return useSyncExternalStore(subscribe, sessionState);
}

/** The signed-in person; only below the `_app` route. */
export function useUser(): UserMe | null {
  return useSession().user;
}
