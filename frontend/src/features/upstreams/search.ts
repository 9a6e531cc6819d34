/** What of the list of repositories the address holds. */
export interface RepositorySearch {
  team?: string;
}

const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

export function readRepositorySearch(raw: Record<string, unknown>): RepositorySearch {
  const team = typeof raw.team === 'number' ? String(raw.team) : raw.team;
  const fits = typeof team === 'string' && team.length <= 40 && SLUG.test(team);
  return fits ? { team } : {};
}
