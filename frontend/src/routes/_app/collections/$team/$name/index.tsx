import { createFileRoute } from '@tanstack/react-router';
import { CollectionPage } from '@/features/collections/CollectionPage';
import { readCollectionSearch } from '@/features/collections/search';

export const Route = createFileRoute('/_app/collections/$team/$name/')({
  staticData: {
    title: ({ team, name }) => `${name} · ${team}`,
    crumbs: ({ team, name }) => [
      { label: 'Collections', href: '/collections' },
      { label: team ?? '', mono: true },
      { label: name ?? '', mono: true },
    ],
  },
  validateSearch: readCollectionSearch,
  component: CollectionRoute,
});

function CollectionRoute() {
  const { team, name } = Route.useParams();
  const search = Route.useSearch();
  return (
    <CollectionPage
      key={`${team}/${name}`}
      team={team}
      name={name}
      shown={{ tab: search.tab ?? 'entries', search }}
    />
  );
}
