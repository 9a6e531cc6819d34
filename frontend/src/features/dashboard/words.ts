import type { LiveEvent } from '@/api/types';
import { kindOf } from '@/features/kinds/kinds';

/** What was done, between who did it and to what; `{…}` stands for a detail. */
const phrases: Record<string, string> = {
  'component.created': 'published the first revision of',
  'component.drafted': 'began',
  'component.renamed': 'renamed',
  'component.transferred': 'transferred',
  'component.deprecated': 'deprecated',
  'component.undeprecated': 'took back the deprecation of',
  'component.deleted': 'deleted',
  'component.restored': 'restored',
  'component.visibility_changed': 'changed who sees',
  'component.licence_changed': 'changed the licence of',
  'revision.published': 'published revision {number} of',
  'revision.yanked': 'yanked revision {number} of',
  'revision.unyanked': 'took back the yank of revision {number} of',
  'label.moved': 'moved {label} to revision {number} of',
  'label.removed': 'removed {label} from',
  'promotion.opened': 'asked to promote revision {number}:',
  'promotion.changed': 'changed the promotion',
  'promotion.approved': 'approved',
  'promotion.objected': 'objected to',
  'promotion.commented': 'commented on',
  'promotion.applied': 'promoted revision {number}:',
  'promotion.withdrawn': 'withdrew',
  'collection.created': 'made the collection',
  'collection.changed': 'changed the collection',
  'collection.renamed': 'renamed the collection',
  'collection.archived': 'archived the collection',
  'collection.unarchived': 'took out of the archive',
  'collection.deleted': 'deleted the collection',
  'collection.restored': 'restored the collection',
  'release.made': 'made release {number} of',
  'secret.written': 'wrote a secret of',
  'secret.removed': 'removed a secret of',
  'import.applied': 'applied an import in',
  'component.updated': 'updated from upstream',
  'component.pinned': 'pinned',
  'component.unpinned': 'unpinned',
  'component.detached': 'detached from its upstream',
  'repository.added': 'added the repository',
  'repository.changed': 'changed the repository',
  'repository.checked': 'checked',
  'repository.removed': 'removed the repository',
  'policy.changed': 'changed the policy of',
  'team.created': 'made the team',
  'team.renamed': 'renamed the team',
  'team.changed': 'changed the team',
  'team.transferred': 'transferred the team',
  'team.ownership_taken': 'took ownership of',
  'member.added': 'added',
  'member.role_changed': 'changed the role of',
  'member.removed': 'removed',
  'team.left': 'left the team of',
};

/** "moved production to revision 4 of" */
export function didOf({ action, details }: LiveEvent): string {
  const phrase = phrases[action] ?? `${action.replace(/[._]/g, ' ')}:`;
  return phrase.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? ''));
}

/** What it was done to, as people call it. */
export const whatOf = ({ target, team }: LiveEvent) =>
  target.kind === 'import' ? team : target.name;

const KIND_OF_REFERENCE = /^([a-z]+):([^/]+)\/([^@]+)$/;

/** Address of the page of what it was about, where there is one for sure. */
export function pageOf({ action, target, team }: LiveEvent): string | null {
  if (action.endsWith('.deleted') || action === 'repository.removed') return null;
  if (target.kind === 'team') return `/teams/${target.name}`;
  if (target.kind === 'user') return `/teams/${team}`;
  if (target.kind === 'import') return `/imports/${target.id}`;
  if (target.kind === 'repository') return `/imports/repositories/${target.id}`;
  if (target.kind === 'promotion') return `/reviews/${target.id}`;
  if (target.kind === 'collection') return `/collections/${target.name}`;
  const [, kind, slug, name] = KIND_OF_REFERENCE.exec(target.name) ?? [];
  return kind ? `/${kindOf(kind).plural}/${slug}/${name}` : null;
}

const count = new Intl.NumberFormat('en');
export const numberText = (value: number) => count.format(value);

const day = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
});
/** "3 Mar", of a day as the API writes it. */
export const dayText = (date: string) => day.format(new Date(`${date}T00:00:00Z`));
