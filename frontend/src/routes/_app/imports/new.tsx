import { createFileRoute } from '@tanstack/react-router';
import { NewImportPage } from '@/features/imports/NewImportPage';
import { readNewImportSearch } from '@/features/imports/search';

export const Route = createFileRoute('/_app/imports/new')({
  staticData: {
    title: 'Import files',
    crumbs: () => [{ label: 'Imports', href: '/imports' }, { label: 'New import' }],
  },
  validateSearch: readNewImportSearch,
  component: NewImportRoute,
});

function NewImportRoute() {
  return <NewImportPage search={Route.useSearch()} />;
}
