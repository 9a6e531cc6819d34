import { useMutation, useQueryClient } from '@tanstack/react-query';
import { describe, isProblem } from '@/api/problem';
import type { ComponentPublic } from '@/api/types';
import { toastDone, toastError } from '@/ui/toast';
import { countedAs, type Failure, forEach, type Outcome } from '../bulk';
import { deleteComponent, refreshAgents, restoreComponent, setLabel } from '../changes';

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

/** One change to many agents; `onSome` gets what could not be changed. */
function useMany<V>(
  change: (agent: ComponentPublic, value: V) => Promise<unknown>,
  onAll: (outcome: Outcome<ComponentPublic>, value: V) => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ agents, value }: { agents: Agents; value: V }) =>
      forEach(agents, (agent) => change(agent, value)),
    onSuccess: (outcome, { value }) => {
      if (outcome.done.length > 0) onAll(outcome, value);
    },
    onSettled: () => refreshAgents(client),
  });
}

export const nameOf = (agents: Agents) =>
  agents.length === 1 && agents[0] ? agents[0].name : countedAs(agents);

export function useRestoreMany() {
  return useMany<void>(restoreComponent, ({ done, failed }) => {
    toastDone(`Restored ${nameOf(done)}`);
    for (const { error } of failed.slice(0, 1)) toastError(error);
  });
}

export function useDeleteMany() {
  const restore = useRestoreMany();
  return useMany<void>(deleteComponent, ({ done }) =>
    toastDone(`Deleted ${nameOf(done)}`, () =>
      restore.mutate({ agents: done, value: undefined }),
    ),
  );
}

/** Sets the label on the newest revision of each. */
export function useLabelMany() {
  return useMany<string>(
    (agent, label) => setLabel(agent, label, agent.latest?.number ?? 0),
    ({ done }, label) => toastDone(`Set ${label} on ${nameOf(done)}`),
  );
}
