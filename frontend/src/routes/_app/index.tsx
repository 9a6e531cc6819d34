import { createFileRoute } from '@tanstack/react-router';
import { DashboardPage } from '@/features/dashboard/DashboardPage';
import { readSearch, statsQuery } from '@/features/dashboard/queries';

export const Route = createFileRoute('/_app/')({
  staticData: { title: 'Dashboard', crumbs: () => [{ label: 'Dashboard' }] },
  validateSearch: readSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context, deps }) => {
    // Not awaited: the page shows at once, with skeletons in its shape.
    void context.queryClient.prefetchQuery(statsQuery(deps));
  },
  component: DashboardRoute,
});

function DashboardRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <DashboardPage
      search={search}
      onSearch={(next) => void navigate({ search: next, resetScroll: false })}
    />
  );
}
