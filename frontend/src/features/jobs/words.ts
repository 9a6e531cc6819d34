import type { JobPublic, QueueName } from './types';

export { isActive, isStopping } from './progress';

export const queueWords: Record<QueueName, string> = {
  default: 'Short work',
  imports: 'Imports',
  upkeep: 'Upkeep',
};

/** What a job of this kind does, for one without a title of its own. */
const kindWords: Record<string, string> = {
  'answers.forget': 'Forget answers kept for retries',
  'audit.retain': 'Remove audit events past their time',
  'blobs.collect': 'Remove files that nothing holds',
  'blobs.forget': 'Remove a file that nothing holds',
  'changes.forget': 'Forget changes that every process knows',
  'devices.forget': 'Forget devices that asked to be signed in',
  'imports.forget_inputs': 'Remove what imports were read from',
  'imports.apply': 'Apply an import',
  'imports.read': 'Read an import',
  'jobs.remove_finished': 'Remove old jobs',
  'redactions.drop': 'Drop what was redacted',
  'registrations.remove_expired': 'Remove registrations nobody confirmed',
  'repositories.check': 'Check a repository',
  'repositories.check_due': 'Look for repositories to check',
  'repositories.update': 'Update components of a repository',
  'retention.purge': 'Purge what was deleted long ago',
  'tokens.warn': 'Warn of API tokens that expire',
};

export const kindOfJob = (kind: string) =>
  kindWords[kind] ?? (kind.startsWith('mail.') ? 'Send mail' : kind);

export const titleOf = (job: Pick<JobPublic, 'title' | 'kind'>) =>
  job.title || kindOfJob(job.kind);

/** "2 h 5 min", the two largest parts of it. */
export function spanOf(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3_600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return 'less than a second';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** How long it ran, or has been running. */
export function ranFor(
  job: Pick<JobPublic, 'started_at' | 'finished_at'>,
  now: Date = new Date(),
): string | null {
  if (!job.started_at) return null;
  const end = job.finished_at ? Date.parse(job.finished_at) : now.getTime();
  return spanOf((end - Date.parse(job.started_at)) / 1000);
}

/** "every 6 hours" */
export function everyOf(seconds: number): string {
  const units: [number, string][] = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ];
  const [size, unit] = units.find(([size]) => seconds % size === 0) ?? [1, 'second'];
  const count = seconds / size;
  return count === 1 ? `every ${unit}` : `every ${count} ${unit}s`;
}

/** Where the page of what a job works on is, if it has one. */
export function placeOfSubject({ subject }: Pick<JobPublic, 'subject'>) {
  if (!subject) return null;
  const params = { id: subject.id };
  if (subject.kind === 'import')
    return { to: '/imports/$id', params, label: 'The import' } as const;
  if (subject.kind === 'repository')
    return {
      to: '/imports/repositories/$id',
      params,
      label: 'The repository',
    } as const;
  return null;
}
