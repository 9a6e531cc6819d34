import {
  IconAlertTriangle,
  IconArchiveOff,
  IconEyeOff,
  IconTagOff,
  IconTrash,
} from '@tabler/icons-react';
import type { CollectionEntry } from '@/api/types';

/** What Claude Code warns above: the descriptions of all that it may call. */
export const BUDGET = 15_000;

type State = Exclude<CollectionEntry['state'], 'ok'>;

export const states = {
  unresolved: {
    icon: IconTagOff,
    word: 'Unresolved',
    hint: 'It has no such label: follow another, or set it.',
    tone: 'error',
  },
  yanked: {
    icon: IconAlertTriangle,
    word: 'Yanked',
    hint: 'This revision was withdrawn: take another one.',
    tone: 'error',
  },
  deleted: {
    icon: IconTrash,
    word: 'Deleted',
    hint: 'The component was deleted: take the entry out, or have it restored.',
    tone: 'error',
  },
  hidden: {
    icon: IconEyeOff,
    word: 'Hidden from others',
    hint: 'Fewer people may see it than the collection: it is left out for them, and of releases.',
    tone: 'warning',
  },
} as const satisfies Record<State, unknown>;

export const deprecated = {
  icon: IconArchiveOff,
  word: 'Deprecated',
  tone: 'warning',
} as const;

const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

export function nameError(value: string): string | null {
  if (!value) return 'Choose a name';
  if (value.length > 64) return 'Use at most 64 characters';
  if (NAME.test(value)) return null;
  return 'Use lower-case letters, digits, and single hyphens between them';
}

/** A name to start from, made of a title. */
export const nameOf = (title: string) =>
  title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64)
    .replace(/-+$/, '');

export const follows = ({
  label,
  number,
}: Pick<CollectionEntry, 'label' | 'number'>) =>
  number === null ? `label:${label}` : `number:${number}`;

/** What an entry is asked to follow, from the value of its select. */
export function followOf(value: string): { label: string } | { number: number } {
  const [what, which = ''] = value.split(':');
  return what === 'label' ? { label: which } : { number: Number(which) };
}

export const entryCount = (count: number) =>
  count === 1 ? '1 entry' : `${new Intl.NumberFormat('en').format(count)} entries`;
