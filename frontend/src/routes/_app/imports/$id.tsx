import { createFileRoute } from '@tanstack/react-router';
import { ImportPage } from '@/features/imports/ImportPage';
import { type ImportSearch, readImportSearch } from '@/features/imports/search';

export const Route = createFileRoute('/_app/imports/$id')({
  staticData: {
    title: 'Import',
    crumbs: () => [{ label: 'Imports', href: '/imports' }, { label: 'Import' }],
  },
  validateSearch: readImportSearch,
  component: ImportRoute,
});

function ImportRoute() {
  const { id } = Route.useParams();
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <ImportPage
      key={id}
      id={id}
      search={search}
      onSearch={(next: ImportSearch) =>
        void navigate({ search: next, replace: true, resetScroll: false })
      }
    />
  );
}
