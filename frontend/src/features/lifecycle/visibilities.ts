import type { Visibility } from '@/api/types';

/** Who sees a component, for a field to choose from. */
export const VISIBILITIES: { value: Visibility; label: string }[] = [
  { value: 'private', label: 'Private: the members of the team' },
  { value: 'internal', label: 'Internal: everyone signed in' },
  { value: 'public', label: 'Public: also without an account' },
];
