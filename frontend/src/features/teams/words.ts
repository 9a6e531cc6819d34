import type { Role } from '@/api/types';

export const ROLES = ['owner', 'editor', 'viewer'] as const satisfies readonly Role[];

export const roles: Record<Role, { word: string; may: string }> = {
  owner: { word: 'Owner', may: 'decides who is in it, and about visibility' },
  editor: { word: 'Editor', may: 'makes and publishes components' },
  viewer: { word: 'Viewer', may: 'reads, exports and searches' },
};

/** The roles that others can have in a team: a personal one has one owner. */
export const rolesIn = ({ is_personal }: { is_personal: boolean }) =>
  ROLES.filter((role) => !is_personal || role !== 'owner');

export const isHigher = (one: Role, other: Role) =>
  ROLES.indexOf(one) < ROLES.indexOf(other);

export const isRole = (value: string): value is Role =>
  ROLES.some((role) => role === value);

export const memberCount = (count: number) =>
  count === 1 ? '1 member' : `${count} members`;

const SLUG_LENGTH = 40;

/** The address that a name suggests: "Harbour crew" lives at `harbour-crew`. */
export const slugOf = (name: string) =>
  name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_LENGTH)
    .replace(/^-|-$/g, '');

/** Why this cannot be a team's address; null when it can. */
export function slugError(slug: string): string | null {
  if (!slug) return 'Choose an address';
  if (slug.length > SLUG_LENGTH) return `Use ${SLUG_LENGTH} characters or fewer`;
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug)
    ? null
    : 'Use lower-case letters, digits and single hyphens';
}
