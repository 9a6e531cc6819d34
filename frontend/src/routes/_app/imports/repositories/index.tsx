import { createFileRoute } from '@tanstack/react-router';
import { RepositoriesPage } from '@/features/upstreams/RepositoriesPage';
import { readRepositorySearch } from '@/features/upstreams/search';

export const Route = createFileRoute('/_app/imports/repositories/')({
  staticData: {
    title: 'Repositories',
    crumbs: () => [{ label: 'Imports', href: '/imports' }, { label: 'Repositories' }],
  },
  validateSearch: readRepositorySearch,
  component: RepositoriesRoute,
});

function RepositoriesRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <RepositoriesPage
      search={search}
      onSearch={(next) => void navigate({ search: next, resetScroll: false })}
    />
  );
}
