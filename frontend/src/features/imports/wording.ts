/** How an import is told to a person: counts become sentences here. */
import type { ImportDecision, ImportOutcome, ImportPublic, ImportState } from './types';

const number = new Intl.NumberFormat('en');
export const count = (value: number) => number.format(value);

export const plural = (value: number, one: string, many = `${one}s`) =>
  `${count(value)} ${value === 1 ? one : many}`;

/** An estimate does not pretend to be exact: 2,679 is told as 2,700. */
export function rough(value: number): string {
  if (value < 100) return count(value);
  const digits = value < 10_000 ? 2 : 3;
  return count(Number(value.toPrecision(digits)));
}

const KILO = 1024;

export function bytes(value: number): string {
  if (value < KILO) return plural(value, 'byte');
  const [size, unit] =
    value < KILO * KILO ? [value / KILO, 'kB'] : [value / KILO / KILO, 'MB'];
  return `${size < 9.95 ? size.toFixed(1).replace(/\.0$/, '') : count(Math.round(size))} ${unit}`;
}

type Headline = ImportPublic['headline'];

/** What they are called together: by their kind, if they are all of one. */
export function nounOf(
  components: Headline['components'],
): [one: string, many: string] {
  const [first, ...more] = Object.keys(components);
  if (!first) return ['agent', 'agents'];
  return more.length > 0 ? ['component', 'components'] : [first, `${first}s`];
}

function strictPart(total: number, dropped: number, noun: [string, string]): string {
  const [one, many] = noun;
  if (total === 1) {
    return dropped
      ? `This ${one} would be dropped by a strict loader`
      : `This ${one} passes a strict loader`;
  }
  const all = total === 2 ? `Both ${many}` : `All ${count(total)} ${many}`;
  if (dropped === 0) return `${all} pass a strict loader`;
  if (dropped === total) return `${all} would be dropped by a strict loader`;
  return `${count(dropped)} of ${count(total)} would be dropped by a strict loader`;
}

/** The sentence that a person remembers of an import. */
export function headlineOf({
  agents,
  components,
  dropped_by_strict,
  description_tokens,
}: Headline) {
  const counted = Object.values(components).reduce((sum, one) => sum + one, 0);
  const total = counted || agents;
  if (total === 0) return 'Nothing to import among these files';
  const strict = strictPart(total, dropped_by_strict, nounOf(components));
  if (description_tokens === 0) return strict;
  const whose = total === 1 ? 'its description costs' : 'their descriptions cost';
  const tokens = `${rough(description_tokens)} ${description_tokens === 1 ? 'token' : 'tokens'}`;
  return `${strict}; ${whose} ${tokens} in every session`;
}

const KINDS: Record<string, [one: string, many: string]> = {
  agent: ['agent', 'agents'],
  skill: ['skill', 'skills'],
  'skill-file': ['file of a skill', 'files of skills'],
  command: ['command', 'commands'],
  server: ['MCP server config', 'MCP server configs'],
  licence: ['licence', 'licences'],
  readme: ['README', 'READMEs'],
  document: ['document', 'documents'],
  instructions: ['instructions file', 'instructions files'],
  plugin: ['plugin', 'plugins'],
  marketplace: ['marketplace', 'marketplaces'],
  'codex-agent': ['Codex agent', 'Codex agents'],
  'copilot-agent': ['Copilot agent', 'Copilot agents'],
  'copilot-chatmode': ['Copilot chat mode', 'Copilot chat modes'],
  'copilot-instructions': ['Copilot instructions file', 'Copilot instructions files'],
  'copilot-prompt': ['Copilot prompt', 'Copilot prompts'],
  'cursor-agent': ['Cursor agent', 'Cursor agents'],
  'cursor-command': ['Cursor command', 'Cursor commands'],
  'cursor-rule': ['Cursor rule', 'Cursor rules'],
  'gemini-agent': ['Gemini agent', 'Gemini agents'],
  'gemini-command': ['Gemini command', 'Gemini commands'],
  'gemini-extension': ['Gemini extension', 'Gemini extensions'],
  'opencode-agent': ['OpenCode agent', 'OpenCode agents'],
  'opencode-command': ['OpenCode command', 'OpenCode commands'],
  ignored: ['file that tools and systems leave', 'files that tools and systems leave'],
  other: ['other file', 'other files'],
};

export function kindWords(kind: string, value: number): string {
  const known = KINDS[kind];
  if (known) return plural(value, ...known);
  return plural(value, `${kind.replaceAll('-', ' ')} file`);
}

export const kindWord = (kind: string) => KINDS[kind]?.[0] ?? kind.replaceAll('-', ' ');

/** "Left aside: 12 skills, 3 commands"; null when nothing was. */
export function leftAsideOf(leftAside: Headline['left_aside'], most = 4) {
  const kinds = Object.entries(leftAside)
    .filter(([, value]) => value > 0)
    .sort(([a, x], [b, y]) => Number(a === 'other') - Number(b === 'other') || y - x);
  if (kinds.length === 0) return null;
  // Never "and 1 more": that one fits as well.
  const shown = kinds.length > most + 1 ? kinds.slice(0, most) : kinds;
  const rest = kinds.slice(shown.length).reduce((sum, [, value]) => sum + value, 0);
  const parts = shown.map(([kind, value]) => kindWords(kind, value));
  return `Left aside: ${parts.join(', ')}${rest ? ` and ${count(rest)} more` : ''}`;
}

interface GroupWords {
  label: string;
  /** What it means to be in this group, and what happens if nobody does anything. */
  text: string;
}

export const groups: Record<ImportOutcome, GroupWords> = {
  clash: {
    label: 'Name clash',
    text: 'Different files that want the same name. Take one of them, or give one another name: nothing is overwritten.',
  },
  needs_repair: {
    label: 'Needs repair',
    text: 'A strict loader cannot read these. The repair mends what is broken and keeps what it says; open a file to see the difference.',
  },
  new: { label: 'New', text: 'The team has nothing of these kinds and names yet.' },
  changed: {
    label: 'Changed',
    text: 'The team has components of these names. Taking a file publishes a new revision; the older ones stay.',
  },
  unchanged: {
    label: 'Unchanged',
    text: 'The registry has these already, or the same bytes are taken once from another file.',
  },
  left_aside: {
    label: 'Left aside',
    text: 'These are no components. They stay where they are; nothing is wrong with them.',
  },
  refused: {
    label: 'Refused',
    text: 'These look like components but cannot be taken in. Mend them and import them again.',
  },
};

export const order = Object.keys(groups) as ImportOutcome[];

/** The groups whose files can become components. */
export const importable: readonly ImportOutcome[] = [
  'clash',
  'needs_repair',
  'new',
  'changed',
  'unchanged',
];

export const decisionWords: Record<ImportDecision, string> = {
  repaired: 'Repaired',
  original: 'Original',
  skip: 'Skip',
  reuse: 'Use the other',
};

export type ResultName = 'created' | 'published' | 'unchanged' | 'reused' | 'skipped';

export const results: Record<ResultName, GroupWords> = {
  created: { label: 'Created', text: 'New in the registry, each as revision 1.' },
  published: {
    label: 'Published',
    text: 'New revisions of what was there before.',
  },
  unchanged: {
    label: 'Unchanged',
    text: 'The registry had these already: nothing was written.',
  },
  reused: {
    label: 'Used from elsewhere',
    text: 'Another team has the very same: that one is used instead of a copy.',
  },
  skipped: { label: 'Skipped', text: 'Not taken, as decided in the preview.' },
};

export const resultNames = Object.keys(results) as ResultName[];

type Results = NonNullable<ImportPublic['results']>;

/** How many files of an import have been dealt with for good. */
export const appliedCount = (results: Results | null | undefined) =>
  resultNames.reduce((sum, name) => sum + (results?.[name] ?? 0), 0);

/** "4 agents created, 1 revision published." */
export function reportOf(
  { created, published, unchanged, reused, skipped }: Results,
  components: Headline['components'] = {},
): string {
  const parts = [
    created > 0 && `${plural(created, ...nounOf(components))} created`,
    published > 0 && `${plural(published, 'revision')} published`,
    reused > 0 && `${count(reused)} used from other teams`,
    created + published > 0 && skipped > 0 && `${plural(skipped, 'file')} skipped`,
  ].filter((part) => part !== false);
  if (parts.length > 0) return parts.join(', ');
  if (unchanged > 0) {
    return skipped > 0
      ? 'Nothing had to be written'
      : `Nothing had to be written: the registry ${unchanged === 1 ? 'has it' : 'has them all'} already`;
  }
  return skipped > 0 ? 'Everything was skipped' : 'There was nothing to take';
}

export const stateWords: Record<ImportState, string> = {
  reading: 'Reading',
  failed: 'Failed',
  preview: 'To be decided',
  applying: 'Storing',
  applied: 'Applied',
  discarded: 'Discarded',
};
