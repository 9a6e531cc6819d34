import { createFileRoute } from '@tanstack/react-router';
import { JobsPage } from '@/features/jobs/JobsPage';
import { readJobSearch } from '@/features/jobs/search';

export const Route = createFileRoute('/_app/jobs/')({
  staticData: { title: 'Jobs', crumbs: () => [{ label: 'Jobs' }] },
  validateSearch: readJobSearch,
  component: JobsRoute,
});

function JobsRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <JobsPage
      search={search}
      onSearch={(next) => void navigate({ search: next, resetScroll: false })}
    />
  );
}
