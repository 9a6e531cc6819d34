import { useMutation, useQueryClient } from '@tanstack/react-query';
import { describe, isProblem } from '@/api/problem';
import type { ComponentPublic } from '@/api/types';
import { toastDone, toastError } from '@/ui/toast';
import { countedAs, type Failure, type Outcome } from '../bulk';
import { type BulkAction, changeMany } from '../bulk-request';
import { refreshAgents } from '../changes';

export type Agents = readonly ComponentPublic[];

/** Why one of many was left as it is, for a person. */
export function reasonOf({ error }: Failure<ComponentPublic>): string {
  if (isProblem(error, 'stale')) {
    return 'Somebody changed it in the meantime; it was read again.';
  }
  if (isProblem(error, 'not-found')) {
    return 'It is no longer there, or you may no longer see it.';
  }
  return describe(error);
}

/** One change to many agents; `onSome` gets what was changed and what was not. */
function useMany<V>(
  actionOf: (value: V) => BulkAction,
  onSome: (outcome: Outcome<ComponentPublic>, value: V) => void,
  { whateverState = false } = {},
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ agents, value }: { agents: Agents; value: V }) =>
      changeMany(agents, actionOf(value), whateverState),
    onSuccess: (outcome, { value }) => {
      if (outcome.done.length > 0) onSome(outcome, value);
      else if (whateverState) toastError(outcome.failed[0]?.error);
    },
    onSettled: () => refreshAgents(client),
  });
}

export const nameOf = (agents: Agents) =>
  agents.length === 1 && agents[0] ? agents[0].name : countedAs(agents);

export function useRestoreMany() {
  return useMany<undefined>(
    () => ({ action: 'restore' }),
    ({ done, failed }) => {
      toastDone(`Restored ${nameOf(done)}`);
      for (const { error } of failed.slice(0, 1)) toastError(error);
    },
    // Deleting changed them: what was read before is not their state any more.
    { whateverState: true },
  );
}

export function useDeleteMany() {
  const restore = useRestoreMany();
  return useMany<undefined>(
    () => ({ action: 'delete' }),
    ({ done }) =>
      toastDone(`Deleted ${nameOf(done)}`, () =>
        restore.mutate({ agents: done, value: undefined }),
      ),
  );
}

/** Sets the label on the newest revision of each. */
export function useLabelMany() {
  return useMany<string>(
    (label) => ({ action: 'label', label }),
    ({ done }, label) => toastDone(`Set ${label} on ${nameOf(done)}`),
  );
}

export function useMoveMany() {
  return useMany<string>(
    (team) => ({ action: 'move', team }),
    ({ done }, team) => toastDone(`Moved ${nameOf(done)} to ${team}`),
  );
}
