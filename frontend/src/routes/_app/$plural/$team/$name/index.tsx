import { createFileRoute } from '@tanstack/react-router';
import { readComponentSearch } from '@/features/agents/compare';
import { AgentPage } from '@/features/agents/component/AgentPage';
import { kindAt } from '@/features/kinds/kinds';

export const Route = createFileRoute('/_app/$plural/$team/$name/')({
  staticData: {
    title: ({ team, name }) => `${name} · ${team}`,
    crumbs: ({ plural = '', team, name }) => [
      { label: kindAt(plural)?.labels ?? plural, href: `/${plural}` },
      { label: team ?? '', mono: true },
      { label: name ?? '', mono: true },
    ],
  },
  validateSearch: readComponentSearch,
  loader: ({ context: { queryClient, kind }, params: { team, name } }) => {
    // Not awaited: the page shows at once, with a skeleton in its shape.
    void import('@/features/agents/prefetch').then(({ prefetchAgent }) =>
      prefetchAgent(queryClient, kind, team, name),
    );
  },
  component: ComponentRoute,
});

function ComponentRoute() {
  const { team, name } = Route.useParams();
  const { kind } = Route.useRouteContext();
  const search = Route.useSearch();
  return (
    <AgentPage
      key={`${kind.name}:${team}/${name}`}
      kind={kind}
      team={team}
      name={name}
      search={search}
    />
  );
}
