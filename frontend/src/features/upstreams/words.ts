/** What repositories and upstreams are called on the pages, and where they lead. */
import type { CheckOutcome, Every, Repository, Upstream, UpstreamMerge } from './types';

export const everyWords: Record<Every, string> = {
  hour: 'Every hour',
  day: 'Every day',
  week: 'Every week',
  never: 'Only when asked',
};
export const EVERY = Object.keys(everyWords) as Every[];

/** How a component stands to its upstream; what a person should look at first wins. */
export type Standing = 'gone' | 'pinned' | 'available' | 'current';
type Stands = Pick<Upstream, 'state' | 'is_pinned'>;

export function standingOf({ state, is_pinned }: Stands): Standing {
  if (state === 'gone') return 'gone';
  return is_pinned ? 'pinned' : state;
}

export const standingWords: Record<Standing, string> = {
  current: 'Up to date',
  available: 'Update available',
  pinned: 'Pinned',
  gone: 'Gone upstream',
};

/** What that means for the component, in a sentence. */
export function explain(upstream: Upstream): string {
  const standing = standingOf(upstream);
  const here = upstream.has_local_changes
    ? 'It was changed here since it was taken; those changes are never overwritten.'
    : '';
  const sentences: Record<Standing, string> = {
    current: 'It is as the repository has it.',
    available: 'The repository has a newer version of it.',
    pinned:
      upstream.state === 'available'
        ? 'There is an update, but it is pinned: it stays as it is.'
        : 'It stays as it is, whatever comes upstream.',
    gone: 'The repository does not have it any more. It stays here.',
  };
  if (standing === 'current' && here) {
    return `Nothing new came upstream. ${here}`;
  }
  return [sentences[standing], here].filter(Boolean).join(' ');
}

const counts = new Intl.NumberFormat('en');
export const counted = (count: number, one: string, many = `${one}s`) =>
  `${counts.format(count)} ${count === 1 ? one : many}`;

export type CheckWord = CheckOutcome | 'never' | 'running';

/** What came of the last check. */
export function checkOf({
  outcome,
  updates,
  components,
  job,
}: Repository): [CheckWord, string] {
  if (isActive(job)) return ['running', 'Checking'];
  // Updates may have been taken since.
  if (outcome === 'failed') return ['failed', 'Check failed'];
  if (outcome && updates > 0) return ['updates', counted(updates, 'update')];
  if (outcome) return ['unchanged', 'Up to date'];
  return ['never', components > 0 ? 'As imported' : 'Not checked yet'];
}

export const isActive = (job: Pick<NonNullable<Repository['job']>, 'state'> | null) =>
  job?.state === 'queued' || job?.state === 'running';

export const shortCommit = (commit: string) => commit.slice(0, 7);

/** Without what every address of a repository has: `github.com/acme/agents`. */
export const shortUrl = (url: string) =>
  url.replace(/^https?:\/\//, '').replace(/\.git$/, '');

type Forge = (root: string, commit: string, path: string) => string;

const forges: [RegExp, Forge][] = [
  [/(^|\.)gitlab\./, (root, commit, path) => `${root}/-/blob/${commit}/${path}`],
  [/^bitbucket\.org$/, (root, commit, path) => `${root}/src/${commit}/${path}`],
  [
    /^(codeberg\.org|gitea\.com)$/,
    (root, commit, path) => `${root}/src/commit/${commit}/${path}`,
  ],
  [/^github\.com$/, (root, commit, path) => `${root}/blob/${commit}/${path}`],
];

/** The page of a repository, where it surely has one for people. */
export function pageOf(url: string): string | null {
  return URL.canParse(url) && url.startsWith('https://')
    ? url.replace(/\.git$/, '')
    : null;
}

/** The page of a file in one commit, of hosts whose addresses are known. */
export function filePageOf({ repository, commit, path }: Upstream): string | null {
  const root = pageOf(repository.url);
  if (!root) return null;
  const { hostname } = new URL(root);
  const forge = forges.find(([host]) => host.test(hostname))?.[1];
  if (!forge) return null;
  const full = [repository.folder, path].filter(Boolean).join('/');
  return forge(root, commit, full.split('/').map(encodeURIComponent).join('/'));
}

export type FileChange = 'added' | 'changed' | 'removed';
export const fileWords: Record<FileChange, string> = {
  added: 'Added',
  changed: 'Changed',
  removed: 'Removed',
};

/** What becomes of the other files by itself; the rest is asked about. */
export const fileChanges = (files: UpstreamMerge['files']) =>
  files
    .filter(({ side }) => side === 'theirs')
    .map(({ path, mine, theirs }): { path: string; change: FileChange } => {
      if (!mine) return { path, change: 'added' };
      return { path, change: theirs ? 'changed' : 'removed' };
    });
