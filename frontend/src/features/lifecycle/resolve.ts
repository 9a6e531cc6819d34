import { api, unwrap } from '@/api/client';
import { isProblem } from '@/api/problem';
import type { ComponentPublic } from '@/api/types';

/** The component that a reference leads to; null where it leads to none. */
export async function resolveComponent(
  ref: string,
  signal?: AbortSignal,
): Promise<ComponentPublic | null> {
  try {
    const { component } = await unwrap(
      api.GET('/api/v1/resolve', {
        params: { query: { ref } },
        ...(signal && { signal }),
      }),
    );
    return component;
  } catch (error) {
    if (isProblem(error, 'not-found')) return null;
    throw error;
  }
}
