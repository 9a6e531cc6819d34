/** What the top bar shows of my jobs: what runs, and what ended since I looked. */

import { isActive } from './progress';
import type { JobPublic } from './types';

export interface Mine {
  active: JobPublic[];
  /** Not seen yet, failures first. */
  ended: JobPublic[];
  failed: number;
}

const endOf = ({ finished_at }: JobPublic) => finished_at ?? '';
const later = (a: string, b: string) => Date.parse(a) > Date.parse(b);

/** Who cancelled a job of their own knows it. */
const isOwnDoing = ({ state, actor, cancelled_by }: JobPublic) =>
  state === 'cancelled' && actor?.username === cancelled_by?.username;

/** `seen` is when the last one ended that was seen. */
export function sortMine(jobs: readonly JobPublic[], seen: string): Mine {
  const active = jobs.filter(isActive);
  const ended = jobs.filter(
    (job) =>
      !isActive(job) &&
      !isOwnDoing(job) &&
      job.finished_at !== null &&
      later(job.finished_at, seen),
  );
  const failed = ended.filter(({ state }) => state === 'failed');
  const others = ended.filter(({ state }) => state !== 'failed');
  return { active, ended: [...failed, ...others], failed: failed.length };
}

/** When the last of these ended; null: none has. */
export function latestEnd(jobs: readonly JobPublic[]): string | null {
  return jobs
    .map(endOf)
    .filter(Boolean)
    .reduce<string | null>(
      (latest, at) => (latest === null || later(at, latest) ? at : latest),
      null,
    );
}

/** What the button is called: "Jobs: 2 running, 1 failed". */
export function mineText({ active, ended, failed }: Mine): string {
  const others = ended.length - failed;
  const parts = [
    active.length > 0 ? `${active.length} running` : '',
    failed > 0 ? `${failed} failed` : '',
    others > 0 ? `${others} ended` : '',
  ].filter(Boolean);
  return parts.length > 0 ? `Jobs: ${parts.join(', ')}` : 'Jobs';
}
