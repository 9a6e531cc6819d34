/** What of a list of jobs the address holds, and the query that it makes. */
import type { JobQuery, JobState, QueueName } from '@/api/types';

/** States that people ask for together. */
export const VIEWS = ['active', 'succeeded', 'failed', 'cancelled'] as const;
export type View = (typeof VIEWS)[number];
export const QUEUES: readonly QueueName[] = ['default', 'imports', 'upkeep'];

export interface JobSearch {
  scope?: 'teams' | 'instance';
  state?: View;
  queue?: QueueName;
  kind?: string;
}

const statesOf: Record<View, JobState[]> = {
  active: ['queued', 'running'],
  succeeded: ['succeeded'],
  failed: ['failed'],
  cancelled: ['cancelled'],
};

const KIND = /^[a-z_]+(?:\.[a-z_]+)*$/;

/** What of an address means something; the rest is left out rather than refused. */
export function readJobSearch(raw: Record<string, unknown>): JobSearch {
  const state = VIEWS.find((one) => one === raw.state);
  const queue = QUEUES.find((one) => one === raw.queue);
  const kind = typeof raw.kind === 'string' && KIND.test(raw.kind) && raw.kind;
  return {
    ...(raw.scope === 'teams' ? { scope: 'teams' } : {}),
    ...(state ? { state } : {}),
    ...(queue ? { queue } : {}),
    ...(kind && kind.length <= 64 ? { kind } : {}),
  };
}

export const toJobQuery = ({ scope, state, ...rest }: JobSearch): JobQuery => ({
  ...rest,
  scope: scope ?? 'mine',
  ...(state ? { state: statesOf[state] } : {}),
});

/** The state `all` is none, and the address then says nothing of it. */
export function withFilter(
  search: JobSearch,
  filter: 'state' | 'queue' | 'kind',
  value: string,
): JobSearch {
  const { [filter]: _, ...rest } = search;
  return { ...rest, ...readJobSearch({ [filter]: value }) };
}
