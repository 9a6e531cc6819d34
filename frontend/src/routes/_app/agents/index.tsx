import { createFileRoute } from '@tanstack/react-router';
import { AgentsPage } from '@/features/agents/list/AgentsPage';
import { readSearch } from '@/features/agents/search';

export const Route = createFileRoute('/_app/agents/')({
  staticData: { title: 'Agents', crumbs: () => [{ label: 'Agents' }] },
  validateSearch: readSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queryClient }, deps }) => {
    // Not awaited: the page shows at once, with skeletons in its shape.
    void import('@/features/agents/prefetch').then(({ prefetchList }) =>
      prefetchList(queryClient, deps),
    );
  },
  component: AgentsRoute,
});

function AgentsRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <AgentsPage
      search={search}
      onSearch={(next, replace = false) =>
        void navigate({ search: next, replace, resetScroll: false })
      }
    />
  );
}
