import { createFileRoute } from '@tanstack/react-router';
import { ImportsPage } from '@/features/imports/ImportsPage';
import { readImportsSearch } from '@/features/imports/search';

export const Route = createFileRoute('/_app/imports/')({
  staticData: { title: 'Imports', crumbs: () => [{ label: 'Imports' }] },
  validateSearch: readImportsSearch,
  component: ImportsRoute,
});

function ImportsRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <ImportsPage
      search={search}
      onSearch={(next) => void navigate({ search: next, resetScroll: false })}
    />
  );
}
