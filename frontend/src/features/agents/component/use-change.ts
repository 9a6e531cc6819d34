import { useMutation, useQueryClient } from '@tanstack/react-query';
import { isProblem } from '@/api/problem';
import { refreshAgents } from '../changes';

/**
 * A change of one agent whose dialog shows what went wrong. When somebody else was
 * quicker (412), everything is read again, so that the next try starts from what is.
 */
export function useChange<V, R>(
  change: (value: V) => Promise<R>,
  onDone: (result: R, value: V) => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    meta: { quiet: true },
    onSuccess: async (result, value) => {
      await refreshAgents(client);
      onDone(result, value);
    },
    onError: async (error) => {
      const moved = ['stale', 'not-found', 'conflict', 'unchanged', 'forbidden'];
      if (moved.some((code) => isProblem(error, code))) await refreshAgents(client);
    },
  });
}
