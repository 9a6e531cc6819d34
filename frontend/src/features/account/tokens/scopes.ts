import type { Scope } from '../types';

/** What each scope lets a token do, in a sentence. */
export const scopeWords: Record<Scope, { label: string; description: string }> = {
  read: {
    label: 'Read',
    description: 'See, search and export what you can see.',
  },
  write: {
    label: 'Write',
    description: 'Create components, edit drafts, import files.',
  },
  publish: {
    label: 'Publish',
    description: 'Publish revisions and move labels.',
  },
  'secrets:reveal': {
    label: 'Reveal secrets',
    description: 'See the secrets of servers in plain text.',
  },
  report: {
    label: 'Report',
    description: 'Send in how components are used.',
  },
  knowledge: {
    label: 'Knowledge',
    description: 'Search the knowledge base.',
  },
  admin: {
    label: 'Administer',
    description: 'Do what you may do as an administrator of this instance.',
  },
};

/** Those that something here asks for. */
const offered: Scope[] = ['read', 'write', 'publish'];

export const scopesFor = (isAdmin: boolean): Scope[] =>
  isAdmin ? [...offered, 'admin'] : offered;
