import type { ImportOutcome, ImportState } from './types';
import type { ResultName } from './wording';

/** What of an import the address shows. */
export interface ImportSearch {
  /** `applied`: what of a preview is stored already. */
  group?: ImportOutcome | 'applied';
  /** Of a report. */
  result?: ResultName;
  /** Only files with a finding of this rule. */
  rule?: string;
  /** Only files with this in their path or name. */
  q?: string;
  kind?: string;
}

// Addresses are read before any page is there: what its words are comes with the page.
const GROUPS = Object.keys({
  clash: 0,
  needs_repair: 0,
  new: 0,
  changed: 0,
  unchanged: 0,
  left_aside: 0,
  refused: 0,
  applied: 0,
} satisfies Record<ImportOutcome | 'applied', 0>) as (ImportOutcome | 'applied')[];
const RESULTS = Object.keys({
  created: 0,
  published: 0,
  unchanged: 0,
  reused: 0,
  skipped: 0,
} satisfies Record<ResultName, 0>) as ResultName[];

const textOf = (value: unknown, longest: number) => {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text && text.length <= longest ? text : undefined;
};

const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const slugOf = (value: unknown) => {
  const text = textOf(value, 64);
  return text && SLUG.test(text) ? text : undefined;
};

export function readImportSearch(search: Record<string, unknown>): ImportSearch {
  const result = RESULTS.find((name) => name === search.result);
  const rule = textOf(search.rule, 64);
  const q = textOf(search.q, 200);
  const kind = slugOf(search.kind);
  const group = GROUPS.find((name) => name === search.group);
  return {
    ...(group ? { group } : {}),
    ...(result ? { result } : {}),
    ...(rule && /^[a-z.*-]+$/.test(rule) ? { rule } : {}),
    ...(q ? { q } : {}),
    ...(kind ? { kind } : {}),
  };
}

export const STATES: readonly ImportState[] = [
  'reading',
  'failed',
  'preview',
  'applying',
  'applied',
  'discarded',
];

/** What of the list of imports the address shows; without a team, one's own. */
export interface ImportsSearch {
  team?: string;
  state?: ImportState;
}

export function readImportsSearch(search: Record<string, unknown>): ImportsSearch {
  const team = slugOf(search.team);
  const state = STATES.find((one) => one === search.state);
  return { ...(team ? { team } : {}), ...(state ? { state } : {}) };
}

export const SOURCES = ['files', 'repository', 'lock'] as const;
export type SourceName = (typeof SOURCES)[number];

/** Where a new import comes from; a link can fill the form for a repository. */
export interface NewImportSearch {
  source?: Exclude<SourceName, 'files'>;
  team?: string;
  url?: string;
  ref?: string;
  folder?: string;
}

export function readNewImportSearch(search: Record<string, unknown>): NewImportSearch {
  const source = SOURCES.find((one) => one === search.source);
  const team = slugOf(search.team);
  const url = textOf(search.url, 500);
  const ref = textOf(search.ref, 200);
  const folder = textOf(search.folder, 500);
  return {
    ...(source && source !== 'files' ? { source } : {}),
    ...(team ? { team } : {}),
    ...(url ? { url } : {}),
    ...(ref ? { ref } : {}),
    ...(folder ? { folder } : {}),
  };
}
