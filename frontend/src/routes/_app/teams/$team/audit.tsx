import { createFileRoute } from '@tanstack/react-router';
import { readAuditSearch } from '@/features/audit/search';
import { AuditPage } from '@/features/teams/AuditPage';

export const Route = createFileRoute('/_app/teams/$team/audit')({
  staticData: {
    title: ({ team }) => `Audit · ${team}`,
    crumbs: ({ team }) => [
      { label: 'Teams', href: '/teams' },
      { label: team ?? '', href: `/teams/${team}`, mono: true },
      { label: 'Audit' },
    ],
  },
  validateSearch: readAuditSearch,
  component: AuditRoute,
});

function AuditRoute() {
  const { team } = Route.useParams();
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <AuditPage
      slug={team}
      search={search}
      onSearch={(next) => void navigate({ search: next, resetScroll: false })}
    />
  );
}
