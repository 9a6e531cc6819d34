import { createFileRoute } from '@tanstack/react-router';
import { readComponentSearch } from '@/features/agents/compare';
import { AgentPage } from '@/features/agents/component/AgentPage';

export const Route = createFileRoute('/_app/agents/$team/$name/')({
  staticData: {
    title: ({ team, name }) => `${name} · ${team}`,
    crumbs: ({ team, name }) => [
      { label: 'Agents', href: '/agents' },
      { label: team ?? '', mono: true },
      { label: name ?? '', mono: true },
    ],
  },
  validateSearch: readComponentSearch,
  loader: ({ context: { queryClient }, params: { team, name } }) => {
    // Not awaited: the page shows at once, with a skeleton in its shape.
    void import('@/features/agents/prefetch').then(({ prefetchAgent }) =>
      prefetchAgent(queryClient, team, name),
    );
  },
  component: AgentRoute,
});

function AgentRoute() {
  const { team, name } = Route.useParams();
  const search = Route.useSearch();
  return <AgentPage key={`${team}/${name}`} team={team} name={name} search={search} />;
}
