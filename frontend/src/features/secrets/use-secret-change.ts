import { useMutation, useQueryClient } from '@tanstack/react-query';
import { keys } from '@/api/queries';

/** A change whose dialog shows what went wrong; what there is is read again after it. */
export function useSecretChange<V, R>(
  server: string,
  change: (value: V) => Promise<R>,
  onDone: (result: R) => void,
  options: { quiet?: boolean } = {},
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    // A value goes when nothing shows it any more.
    gcTime: 0,
    ...(options.quiet && { meta: { quiet: true } }),
    onSuccess: onDone,
    onSettled: () =>
      client.invalidateQueries({ queryKey: [...keys.components, server, 'secrets'] }),
  });
}
