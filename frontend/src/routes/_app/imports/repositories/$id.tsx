import { createFileRoute } from '@tanstack/react-router';
import { RepositoryPage } from '@/features/upstreams/RepositoryPage';

export const Route = createFileRoute('/_app/imports/repositories/$id')({
  staticData: {
    title: 'Repository',
    crumbs: () => [
      { label: 'Imports', href: '/imports' },
      { label: 'Repositories', href: '/imports/repositories' },
      { label: 'Repository' },
    ],
  },
  component: RepositoryRoute,
});

function RepositoryRoute() {
  const { id } = Route.useParams();
  return <RepositoryPage key={id} id={id} />;
}
