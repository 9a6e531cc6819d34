import { createFileRoute } from '@tanstack/react-router';
import { CollectionPage } from '@/features/collections/CollectionPage';
import { readInstallSearch } from '@/features/collections/search';

export const Route = createFileRoute('/_app/collections/$team/$name/install')({
  staticData: {
    title: ({ team, name }) => `Install ${name} · ${team}`,
    crumbs: ({ team, name }) => [
      { label: 'Collections', href: '/collections' },
      { label: team ?? '', mono: true },
      { label: name ?? '', mono: true, href: `/collections/${team}/${name}` },
      { label: 'Install' },
    ],
  },
  validateSearch: readInstallSearch,
  component: InstallRoute,
});

function InstallRoute() {
  const { team, name } = Route.useParams();
  const search = Route.useSearch();
  return (
    <CollectionPage
      key={`${team}/${name}`}
      team={team}
      name={name}
      shown={{ tab: 'install', search }}
    />
  );
}
