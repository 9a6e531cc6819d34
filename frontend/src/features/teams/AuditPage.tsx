import { AuditLog } from '@/features/audit/AuditLog';
import type { AuditSearch } from '@/features/audit/search';
import { OwnersOnly } from './OwnersOnly';

interface AuditPageProps {
  slug: string;
  search: AuditSearch;
  onSearch: (search: AuditSearch) => void;
}

/** What happened in a team, for its owners. */
export function AuditPage({ slug, search, onSearch }: AuditPageProps) {
  return (
    <OwnersOnly slug={slug}>
      {(team) => <AuditLog team={team.slug} search={search} onSearch={onSearch} />}
    </OwnersOnly>
  );
}
