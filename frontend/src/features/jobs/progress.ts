/** What a bar says of a job: the little that other pages need, too. */
import { relativeTime } from '@/lib/time';
import type { JobPublic, JobRef, JobState, Waiting } from './types';

export const stateWords: Record<JobState, string> = {
  queued: 'Waiting',
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

export const isActive = ({ state }: Pick<JobPublic, 'state'>) =>
  state === 'queued' || state === 'running';

/** Somebody asked for it to stop, and it has not yet. */
export const isStopping = (job: Pick<JobPublic, 'state' | 'cancel_requested_at'>) =>
  isActive(job) && job.cancel_requested_at !== null;

const number = new Intl.NumberFormat('en');

/** Why it has not begun. */
export function waitingText(
  { reason, ahead }: Waiting,
  { due_at, attempts = 0 }: Partial<Pick<JobPublic, 'due_at' | 'attempts'>> = {},
): string {
  const before = ahead === 1 ? '1 job comes first' : `${ahead} jobs come first`;
  if (reason === 'later') {
    const again = attempts > 0 ? 'Tries again' : 'Begins';
    if (!due_at) return 'Waiting for its time';
    const due = new Date(due_at);
    const soon = due.getTime() - Date.now() < 45_000;
    return `${again} ${soon ? 'in a moment' : relativeTime(due)}`;
  }
  if (reason === 'no_worker') return 'Waiting: no worker takes jobs of its queue';
  if (reason === 'overloaded') return `Waiting: its queue is overloaded, ${before}`;
  return ahead > 0 ? `Waiting: ${before}` : 'Waiting for its turn';
}

/** "120 of 300", or what is known of it. */
export function countOf({ done, total }: Pick<JobRef, 'done' | 'total'>): string {
  if (total) return `${number.format(done)} of ${number.format(total)}`;
  return done > 0 ? number.format(done) : '';
}

/** Whole per cent, never all of it before all is done; null: nobody knows. */
export function percentOf({ done, total }: Pick<JobRef, 'done' | 'total'>) {
  if (!total) return null;
  return Math.max(0, Math.min(100, Math.floor((done / total) * 100)));
}
