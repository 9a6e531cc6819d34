import type { components } from '@/api/schema';
import type { Worst } from '@/api/types';

export type InstanceHealth = components['schemas']['InstanceHealth'];
export type HealthPart = components['schemas']['Part'];

type Status = HealthPart['status'];

export const severityOf: Record<Status, Worst> = {
  ok: 'fine',
  degraded: 'warning',
  failed: 'error',
};

export const statusWords: Record<Status, string> = {
  ok: 'Well',
  degraded: 'Degraded',
  failed: 'Failed',
};

export const headlines: Record<Status, string> = {
  ok: 'All is well',
  degraded: 'It works, with something amiss',
  failed: 'It cannot serve requests',
};

/** What a part is called, and what there is to say of it when it is well. */
export const partWords: Record<HealthPart['name'], [string, string]> = {
  process: ['Process', 'It takes requests.'],
  database: ['Database', 'It answers.'],
  schema: ['Schema', 'It is the one that this version needs.'],
  storage: ['Storage', 'It takes files.'],
  jobs: ['Jobs', 'Somebody does them.'],
  redis: ['Redis', 'It answers.'],
};

export const engineWords: Record<InstanceHealth['database']['engine'], string> = {
  sqlite: 'SQLite',
  postgresql: 'PostgreSQL',
};

/** "0.4 ms", "12 ms", "1.2 s" */
export function durationOf(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`;
  if (milliseconds >= 10) return `${Math.round(milliseconds)} ms`;
  return `${milliseconds.toFixed(1)} ms`;
}
