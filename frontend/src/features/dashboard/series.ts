import type { Stats } from '@/api/types';

type Name = Exclude<keyof Stats['series'], 'days'>;

/** What is counted each day, in the order in which it is shown. */
export const SERIES: { name: Name; label: string; color: string }[] = [
  { name: 'revisions', label: 'Revisions', color: 'var(--r-accent)' },
  { name: 'components', label: 'New components', color: 'var(--r-kind-agent)' },
  { name: 'moves', label: 'Label moves', color: 'var(--r-kind-command)' },
  { name: 'imports', label: 'Imports', color: 'var(--r-kind-server)' },
  { name: 'pulls', label: 'Pulls', color: 'var(--r-kind-skill)' },
];

export const sum = (values: number[]) => values.reduce((total, one) => total + one, 0);

/** Days on which something happened, newest first: the others are all nought. */
export function eventfulDays(series: Stats['series']) {
  return series.days
    .map((day, index) => ({
      day,
      counts: SERIES.map(({ name }) => series[name][index] ?? 0),
    }))
    .filter(({ counts }) => counts.some((count) => count > 0))
    .reverse();
}
