import { createFileRoute } from '@tanstack/react-router';
import { AgentsPage } from '@/features/agents/list/AgentsPage';
import { readSearch } from '@/features/agents/search';
import { kindAt } from '@/features/kinds/kinds';

const labelsOf = (plural = '') => kindAt(plural)?.labels ?? 'Not found';

export const Route = createFileRoute('/_app/$plural/')({
  staticData: {
    title: ({ plural }) => labelsOf(plural),
    crumbs: ({ plural }) => [{ label: labelsOf(plural) }],
  },
  validateSearch: readSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ context: { queryClient, kind }, deps }) => {
    // Not awaited: the page shows at once, with skeletons in its shape.
    void import('@/features/agents/prefetch').then(({ prefetchList }) =>
      prefetchList(queryClient, kind, deps),
    );
  },
  component: ListRoute,
});

function ListRoute() {
  const search = Route.useSearch();
  const { kind } = Route.useRouteContext();
  const navigate = Route.useNavigate();
  return (
    <AgentsPage
      key={kind.name}
      kind={kind}
      search={search}
      onSearch={(next, replace = false) =>
        void navigate({ search: next, replace, resetScroll: false })
      }
    />
  );
}
