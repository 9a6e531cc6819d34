import { createFileRoute } from '@tanstack/react-router';
import { CollectionsPage } from '@/features/collections/CollectionsPage';
import { readCollectionsSearch } from '@/features/collections/search';

export const Route = createFileRoute('/_app/collections/')({
  staticData: { title: 'Collections', crumbs: () => [{ label: 'Collections' }] },
  validateSearch: readCollectionsSearch,
  component: CollectionsRoute,
});

function CollectionsRoute() {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <CollectionsPage
      search={search}
      onSearch={(next) => void navigate({ search: next, replace: !next.new })}
    />
  );
}
