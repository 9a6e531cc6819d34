/** One action on many components: one request for each five hundred of them. */
import { api, unwrap } from '@/api/client';
import { ProblemError } from '@/api/problem';
import type { Bulk, BulkResult } from '@/api/types';
import type { Failure, Outcome } from './bulk';

type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;
export type BulkAction = Without<Bulk, 'items'>;

export interface Target {
  id: string;
  etag: string;
}

/** As many as the server takes at once. */
const MOST = 500;

async function send(
  action: BulkAction,
  targets: readonly Target[],
  whateverState: boolean,
): Promise<BulkResult[]> {
  const items = targets.map(({ id, etag }) => (whateverState ? { id } : { id, etag }));
  const body = { ...action, items } as Bulk;
  return (await unwrap(api.POST('/api/v1/components/bulk', { body }))).items;
}

/** What was refused stays in the outcome with its reason; the others are done. */
export async function changeMany<T extends Target>(
  items: readonly T[],
  action: BulkAction,
  /** Also what was changed since it was read. */
  whateverState = false,
): Promise<Outcome<T>> {
  const done: T[] = [];
  const failed: Failure<T>[] = [];
  for (let start = 0; start < items.length; start += MOST) {
    const part = items.slice(start, start + MOST);
    try {
      const results = await send(action, part, whateverState);
      part.forEach((item, index) => {
        const problem = results[index]?.problem;
        if (problem) failed.push({ item, error: new ProblemError(problem) });
        else done.push(item);
      });
    } catch (error) {
      // Nothing of this part was done; those before it were.
      if (done.length === 0) throw error;
      const reason = error instanceof Error ? error : new Error(String(error));
      failed.push(...part.map((item) => ({ item, error: reason })));
    }
  }
  return { done, failed };
}
