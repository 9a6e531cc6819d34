import { createFileRoute } from '@tanstack/react-router';
import { AuditPage } from '@/features/admin/AuditPage';
import { readAuditSearch } from '@/features/audit/search';

export const Route = createFileRoute('/_app/admin/audit')({
  staticData: {
    title: 'Audit',
    crumbs: () => [{ label: 'Administration', href: '/admin' }, { label: 'Audit' }],
  },
  validateSearch: readAuditSearch,
  component: AuditRoute,
});

function AuditRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <AuditPage
      search={search}
      onSearch={(next) => void navigate({ search: next, resetScroll: false })}
    />
  );
}
