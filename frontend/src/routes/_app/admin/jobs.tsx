import { createFileRoute } from '@tanstack/react-router';
import { AdminJobsPage } from '@/features/jobs/admin/AdminJobsPage';
import { readJobSearch } from '@/features/jobs/search';

export const Route = createFileRoute('/_app/admin/jobs')({
  staticData: {
    title: 'Jobs',
    crumbs: () => [{ label: 'Administration', href: '/admin' }, { label: 'Jobs' }],
  },
  validateSearch: readJobSearch,
  component: AdminJobsRoute,
});

function AdminJobsRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <AdminJobsPage
      search={search}
      onSearch={(next) => void navigate({ search: next, resetScroll: false })}
    />
  );
}
